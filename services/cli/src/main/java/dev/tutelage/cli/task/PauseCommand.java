package dev.tutelage.cli.task;

import dev.tutelage.cli.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        try {
            boolean news = TaskPause.say(state, task, true, reason);
            terminal.say("Task " + task
                    + (news ? " pauses: nothing is asked for until tutelage resume" : " is paused already"));
            return 0;
        } catch (TaskPause.NotSaidException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
