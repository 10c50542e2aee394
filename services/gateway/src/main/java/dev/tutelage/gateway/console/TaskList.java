package dev.tutelage.gateway.console;

import java.util.List;

/** All tasks. */
public record TaskList(Frame frame, List<Row> rows) {

    /** A task. */
    public record Row(
            String name,
            String href,
            String images,
            String labels,
            String teacher,
            String student,
            String running,
            boolean paused) {}

    public TaskList {
        rows = List.copyOf(rows);
    }
}
