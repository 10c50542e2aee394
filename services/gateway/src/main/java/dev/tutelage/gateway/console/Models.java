package dev.tutelage.gateway.console;

import java.util.List;

/**
 * The models of a task.
 *
 * @param live where its part that changes is
 * @param rows the checkpoints, the newest first
 * @param actions what can be done about the roles
 */
public record Models(
        Frame frame,
        String base,
        String live,
        List<Row> rows,
        Pager pager,
        List<Promotion> promotions,
        boolean charted,
        List<Action> actions) {

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
        actions = List.copyOf(actions);
    }
}
