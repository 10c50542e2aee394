package dev.tutelage.cli.remote;

import dev.tutelage.cli.remote.Table.Column;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the checkpoints of a task, with their roles and held-out accuracy. */
@Command(
        name = "models",
        description = "Lists the checkpoints of a task, with their roles and held-out accuracy.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage models fashion-mnist"})
public final class ModelsCommand extends ListCommand {
    private static final Table TABLE = new Table(
            Column.digest("CHECKPOINT", "/digest"),
            Column.of("STAGE", "/stage"),
            Column.of("ROLES", "/roles"),
            Column.of("TOP-1", "/metrics/top1"),
            Column.time("TIME", "/time"),
            Column.digest("PARENT", "/parent"),
            Column.of("RUN", "/run_id"));

    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Option(names = "--stage", paramLabel = "STAGE", description = "This stage alone, such as fine-tune. Default: all")
    private Optional<String> stage;

    @Override
    String path() {
        return "/api/tasks/" + GatewayClient.escaped(task) + "/checkpoints"
                + GatewayClient.query(Map.of("stage", stage));
    }

    @Override
    Table table() {
        return TABLE;
    }
}
