package dev.tutelage.gateway.console;

import java.util.List;

/** A page of a task's soft labels. */
public record LabelList(Frame frame, String base, List<Row> rows, Pager pager) {

    /** The soft labels of a shard by a teacher. */
    public record Row(
            String shard,
            String href,
            RunView.Line teacher,
            String outcome,
            int views,
            String confidence,
            String entropy,
            Say.When came) {}

    public LabelList {
        rows = List.copyOf(rows);
    }
}
