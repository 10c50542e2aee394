package dev.tutelage.cli.task;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.task.TaskPause;
import dev.tutelage.platform.log.FactLog;
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
    public Integer call() {
        return broker.attempt(terminal, kafka -> {
            boolean news;
            try (FactLog log = Broker.log(kafka)) {
                news = new TaskPause(kafka, log, Broker.BY).say(task, false, "");
            }
            terminal.say("Task " + task + (news ? " goes on" : " is not paused"));
            return 0;
        });
    }
}
