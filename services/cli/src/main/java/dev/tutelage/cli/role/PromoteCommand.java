package dev.tutelage.cli.role;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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

    @Parameters(index = "2", arity = "0..1", paramLabel = "CHECKPOINT", description = RoleArguments.CHECKPOINT)
    private Optional<String> checkpoint;

    @Override
    public Integer call() throws InterruptedException {
        return arguments.say(
                checkpoint, turn -> turn.give(change -> change.promote(checkpoint, arguments.reason())), "promotions");
    }
}
