package dev.tutelage.cli.task;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.control.task.TaskRegistry.TaskExistsException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Declares a task. */
@Command(
        name = "declare",
        description = "Declares a task by its file. The same file again changes nothing.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  tutelage declare birds.yaml",
            "  tutelage declare birds.yaml --change --server https://tutelage.example"
        })
public final class DeclareCommand implements Callable<Integer> {
    private static final String YAML = "application/yaml";

    @Parameters(paramLabel = "FILE", description = "The task file")
    private Path file;

    @Option(
            names = "--change",
            description =
                    "Declares a task anew that is known: other recipes or policies, or another selection. What is under"
                            + " way goes on as it was asked for")
    private boolean change;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            TaskDeclared task = TaskYaml.read(file, OptionalLong.empty());
            return broker.attempt(terminal, kafka -> say(task, kafka), gateway -> ask(task, gateway));
        } catch (InvalidTaskException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private int say(TaskDeclared task, Map<String, Object> kafka) throws RefusedException, NotPublishedException {
        try (FactLog log = Broker.log(kafka)) {
            TaskRegistry registry = new TaskRegistry(kafka, log);
            // Whether it is news makes no difference to who wants it so.
            boolean unused = change ? registry.redeclare(task) : registry.declare(task);
            return told(task);
        } catch (TaskExistsException e) {
            terminal.fail("Task '" + task.getTask()
                    + "' is declared already, otherwise. --change changes it; or give this" + " one another name");
            return 1;
        }
    }

    private int ask(TaskDeclared task, GatewayClient gateway) throws GatewayException, InterruptedException {
        if (change) {
            gateway.put("/api/tasks/" + GatewayClient.escaped(task.getTask()), file, YAML);
        } else {
            gateway.post("/api/tasks", file, YAML, Map.of());
        }
        return told(task);
    }

    private int told(TaskDeclared task) {
        terminal.say("Task " + task.getTask() + " is declared as " + file + " says, with " + task.getClassesCount()
                + " classes");
        return 0;
    }
}
