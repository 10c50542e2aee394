package dev.tutelage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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

    /** What is told of an item: what the collection tells, unless there is more to it. */
    JsonNode whole(GatewayClient gateway, JsonNode item) throws GatewayException, InterruptedException {
        return item;
    }

    @Override
    final Said ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : gateway.items(path(), limit)) {
            items.add(whole(gateway, item));
        }
        return new Said(items, items.isEmpty() ? List.of("There are none") : table().lines(items));
    }
}
