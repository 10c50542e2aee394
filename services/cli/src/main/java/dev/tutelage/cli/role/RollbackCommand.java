package dev.tutelage.cli.role;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Override
    public Integer call() {
        return arguments.say(change -> change.rollback(arguments.checkpoint(), arguments.reason()));
    }
}
