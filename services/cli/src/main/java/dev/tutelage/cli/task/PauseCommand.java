package dev.tutelage.cli.task;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a task pause. */
@Command(
        name = "pause",
        description =
                "Makes a task's triggers ask for nothing, neither trainings nor labels, and judge no checkpoint. Runs that are"
                        + " under way or asked for go on.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage pause fashion"})
public final class PauseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people", defaultValue = "")
    private String reason;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        Pausing wanted = new Pausing(task, true, reason);
        return broker.attempt(terminal, kafka -> told(wanted.say(kafka)), gateway -> told(wanted.ask(gateway)));
    }

    private int told(boolean news) {
        terminal.say(
                "Task " + task + (news ? " pauses: nothing is asked for until tutelage resume" : " is paused already"));
        return 0;
    }
}
