package dev.tutelage.gateway.console;

import java.util.List;

/**
 * The models of a task.
 *
 * @param rows the checkpoints, the newest first
 */
public record Models(
        Frame frame, String base, List<Row> rows, Pager pager, List<Promotion> promotions, boolean charted) {

    /**
     * A checkpoint.
     *
     * @param role that it holds or held, and since when it does; empty if none
     * @param verdict of the gate; empty if it was not judged
     */
    public record Row(
            String name,
            String href,
            String stage,
            String top1,
            String role,
            String verdict,
            Say.When made,
            String parameters,
            String seconds) {}

    /** A change of roles. */
    public record Promotion(
            Say.When time, String role, RunView.Line checkpoint, RunView.Line previous, String how, String reason) {}

    public Models {
        rows = List.copyOf(rows);
        promotions = List.copyOf(promotions);
    }
}
