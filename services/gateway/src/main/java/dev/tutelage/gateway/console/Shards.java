package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A page of a task's shards.
 *
 * @param live where its part that changes is
 * @param totals how much there is of each kind
 * @param classes of the task, that images can be of
 */
public record Shards(
        Frame frame,
        String base,
        String live,
        List<RunView.Line> totals,
        List<Row> rows,
        Pager pager,
        List<String> classes) {

    /**
     * A shard.
     *
     * @param labels what became of its images when they were labeled by the newest teacher that did; empty if none did
     */
    public record Row(
            String name, String href, String split, String images, String size, Say.When came, String labels) {}

    public Shards {
        totals = List.copyOf(totals);
        rows = List.copyOf(rows);
        classes = List.copyOf(classes);
    }
}
