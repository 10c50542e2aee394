package dev.tutelage.cli.verify;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
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

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            Endpoints endpoints = flags.endpoints();
            Verification found = new SoftLabelVerifier(endpoints.kafka(), endpoints.artifactStore())
                    .verify(flags.task(), flags.patience());
            if (flags.json()) {
                terminal.say(found.json());
            } else {
                found.lines().forEach(terminal::say);
            }
            return flags.exitCode(found.clean(), found.pending());
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
