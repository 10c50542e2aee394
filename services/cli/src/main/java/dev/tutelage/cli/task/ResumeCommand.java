package dev.tutelage.cli.task;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a task go on. */
@Command(
        name = "resume",
        description = "Makes a paused task's triggers go on, with all that has come meanwhile.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage resume fashion"})
public final class ResumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        Pausing wanted = new Pausing(task, false, "");
        return broker.attempt(terminal, kafka -> told(wanted.say(kafka)), gateway -> told(wanted.ask(gateway)));
    }

    private int told(boolean news) {
        terminal.say("Task " + task + (news ? " goes on" : " is not paused"));
        return 0;
    }
}
