package dev.tutelage.cli.role;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Gives a role to a checkpoint by hand. */
@Command(
        name = "promote",
        description = "Makes a checkpoint the teacher or the student of a task, whatever the gate said of it. Without"
                + " CHECKPOINT: the one that waits for approval.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage promote fashion teacher 3f9a --reason \"looked at its errors\""})
public final class PromoteCommand implements Callable<Integer> {
    @Mixin
    private RoleArguments arguments;

    @Override
    public Integer call() {
        return arguments.say(change -> change.promote(arguments.checkpoint(), arguments.reason()));
    }
}
