package dev.tutelage.cli.verify;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Proves that what the services promise is so, or tells where it is not. */
@Command(
        name = "verify",
        description = {
            "Checks from topics and objects alone that what the services promise is so: every request has one end, every"
                    + " checkpoint its bytes, every image its soft labels, no fact points nowhere, and promotions follow from"
                    + " each other. Prints what is missing, duplicate, orphaned, corrupt or unfounded, where, and what to do.",
            "A subcommand checks a part."
        },
        mixinStandardHelpOptions = true,
        subcommands = VerifySoftLabelsCommand.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:clean; requests that are not done yet are nothing wrong",
            "1:not clean, or not done within --wait, or it could not be looked at",
            "2:the command line is wrong"
        },
        footer = {"", "Example:", "  tutelage verify --wait 2m"})
public final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private VerifyFlags flags;

    @Override
    public Integer call() throws InterruptedException {
        return flags.run((endpoints, task, patience) ->
                new SystemVerifier(endpoints.kafka(), endpoints.artifactStore()).verify(task, patience));
    }
}
