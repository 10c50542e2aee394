package dev.tutelage.cli.role;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says no to a checkpoint that waits for approval. */
@Command(
        name = "reject",
        description =
                "Rejects a checkpoint that waits for approval as the teacher or the student of a task. It waits no"
                        + " longer; tutelage promote can give it the role all the same.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage reject fashion teacher 3f9a --reason \"worse at sandals\""})
public final class RejectCommand implements Callable<Integer> {
    @Mixin
    private RoleArguments arguments;

    @Parameters(index = "2", paramLabel = "CHECKPOINT", description = RoleArguments.CHECKPOINT)
    private String checkpoint;

    @Override
    public Integer call() throws InterruptedException {
        return arguments.say(
                Optional.of(checkpoint), turn -> turn.reject(checkpoint, arguments.reason()), "rejections");
    }
}
