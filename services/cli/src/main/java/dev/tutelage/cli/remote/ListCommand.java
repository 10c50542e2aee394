package dev.tutelage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Option;

/** Prints a collection of the gateway. */
abstract class ListCommand extends RemoteCommand {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "The newest N. Default: ${DEFAULT-VALUE}")
    private int limit;

    /** Path of the collection, with its query. */
    abstract String path();

    abstract Table table();

    @Override
    final Said ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        List<JsonNode> items = gateway.items(path(), limit);
        return new Said(items, items.isEmpty() ? List.of("There are none") : table().lines(items));
    }
}
