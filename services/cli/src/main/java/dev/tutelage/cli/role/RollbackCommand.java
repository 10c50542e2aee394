package dev.tutelage.cli.role;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Gives a role back to a checkpoint that held it before. */
@Command(
        name = "rollback",
        description = "Makes a checkpoint the teacher or the student of a task again. Without CHECKPOINT: the one that"
                + " held the role before the present one; said again, the one before that.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage rollback fashion teacher"})
public final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private RoleArguments arguments;

    @Parameters(index = "2", arity = "0..1", paramLabel = "CHECKPOINT", description = RoleArguments.CHECKPOINT)
    private Optional<String> checkpoint;

    @Override
    public Integer call() throws InterruptedException {
        return arguments.say(
                checkpoint, turn -> turn.give(change -> change.rollback(checkpoint, arguments.reason())), "rollbacks");
    }
}
