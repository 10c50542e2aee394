package dev.tutelage.cli.verify;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Proves that each image has exactly one soft label by each teacher, or tells where it has not. */
@Command(
        name = "soft-labels",
        description =
                "Proves from topics and objects alone that each image has exactly one soft label by each teacher"
                        + " that was to label it. Prints what is missing, duplicate, orphaned or corrupt, where, and what to do.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:clean; requests that are not done yet are nothing wrong",
            "1:not clean, or not done within --wait, or it could not be looked at",
            "2:the command line is wrong"
        },
        footer = {"", "Example:", "  tutelage verify soft-labels --task fashion --wait 2m"})
public final class VerifySoftLabelsCommand implements Callable<Integer> {
    @Mixin
    private VerifyFlags flags;

    @Override
    public Integer call() throws InterruptedException {
        return flags.run((endpoints, task, patience) ->
                new SoftLabelVerifier(endpoints.kafka(), endpoints.artifactStore()).verify(task, patience));
    }
}
