package dev.tutelage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.cli.remote.Table.Column;
import picocli.CommandLine.Command;

/** Lists tasks: images, labels, who holds the roles, and how good they are. */
@Command(
        name = "tasks",
        description = "Lists tasks: images, labels, who holds the roles, and how good they are.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage tasks --server https://tutelage.example"})
public final class TasksCommand extends ListCommand {
    private static final Table TABLE = new Table(
            Column.of("TASK", "/task"),
            Column.of("PAUSED", "/paused"),
            Column.of("UNLABELED", "/counts/unlabeled_images"),
            Column.of("LABELS", "/counts/labels"),
            Column.of("HELD OUT", "/counts/held_out_images"),
            Column.of("SOFT LABELS", "/counts/soft_labels"),
            Column.of("OPEN RUNS", "/open/runs"),
            Column.digest("TEACHER", "/roles/teacher/checkpoint"),
            Column.of("TOP-1", "/roles/teacher/top1"),
            Column.digest("STUDENT", "/roles/student/checkpoint"),
            Column.of("TOP-1", "/roles/student/top1"));

    @Override
    String path() {
        return "/api/tasks";
    }

    @Override
    Table table() {
        return TABLE;
    }

    @Override
    JsonNode whole(GatewayClient gateway, JsonNode task) throws GatewayException, InterruptedException {
        return gateway.get(
                path() + "/" + GatewayClient.escaped(task.path("task").asText()));
    }
}
