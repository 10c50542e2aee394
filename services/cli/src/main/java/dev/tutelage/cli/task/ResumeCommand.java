package dev.tutelage.cli.task;

import dev.tutelage.cli.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
            boolean news = TaskPause.say(state, task, false, "");
            terminal.say("Task " + task + (news ? " goes on" : " is not paused"));
            return 0;
        } catch (TaskPause.NotSaidException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
