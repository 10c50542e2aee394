package dev.tutelage.cli.remote;

import dev.tutelage.cli.remote.Table.Column;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the runs of a task: what was asked for, why, and what came of it. */
@Command(
        name = "runs",
        description = "Lists the runs of a task: what was asked for, why, and what came of it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage runs fashion-mnist --stage distill --run-state failed"})
public final class RunsCommand extends ListCommand {
    private static final Table TABLE = new Table(
            Column.of("RUN", "/run_id"),
            Column.of("STAGE", "/stage"),
            Column.of("STATE", "/state"),
            Column.time("SINCE", "/state_since"),
            Column.of("RETRY", "/retry"),
            Column.of("REASON", "/reason"));

    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Option(names = "--stage", paramLabel = "STAGE", description = "This stage alone, such as fine-tune. Default: all")
    private Optional<String> stage;

    @Option(names = "--run-state", paramLabel = "STATE", description = "This state alone, such as failed. Default: all")
    private Optional<String> runState;

    @Override
    String path() {
        Map<String, Optional<String>> query = new TreeMap<>(Map.of("stage", stage, "state", runState));
        return "/api/tasks/" + GatewayClient.escaped(task) + "/runs" + GatewayClient.query(query);
    }

    @Override
    Table table() {
        return TABLE;
    }
}
