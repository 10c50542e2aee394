package dev.tutelage.cli.remote;

import dev.tutelage.cli.remote.Table.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the shards of a task. */
@Command(
        name = "shards",
        description = "Lists the shards of a task.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage shards fashion-mnist"})
public final class ShardsCommand extends ListCommand {
    private static final Table TABLE = new Table(
            Column.digest("SHARD", "/shard/digest"),
            Column.of("SPLIT", "/split"),
            Column.of("LABELED", "/labeled"),
            Column.of("IMAGES", "/images"),
            Column.of("BYTES", "/shard/size"),
            Column.time("TIME", "/time"));

    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Override
    String path() {
        return "/api/tasks/" + GatewayClient.escaped(task) + "/shards";
    }

    @Override
    Table table() {
        return TABLE;
    }
}
