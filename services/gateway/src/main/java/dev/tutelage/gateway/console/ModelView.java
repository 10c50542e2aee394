package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A checkpoint.
 *
 * @param roles what it is or was, a sentence each
 * @param actions roles that it can be given
 * @param facts where it comes from
 * @param judgements what the gate said
 * @param recall held-out recall by class; empty if it was not told
 * @param ancestors what it was made from, the nearest first
 * @param children what was made from it
 */
public record ModelView(
        Frame frame,
        String base,
        String digest,
        String stage,
        Say.When made,
        List<String> roles,
        List<Action> actions,
        List<RunView.Line> facts,
        List<RunView.Line> metrics,
        List<Judgement> judgements,
        List<Bar> recall,
        List<RunView.Line> files,
        List<RunView.Line> ancestors,
        List<RunView.Line> children,
        String recipe) {

    /** What the gate said of it, and on what grounds. */
    public record Judgement(
            String role, String verdict, Say.When time, String reason, List<Check> checks, List<ClassChange> changes) {
        public Judgement {
            changes = List.copyOf(changes);
            checks = List.copyOf(checks);
        }
    }

    /** A thing that the gate asks for. */
    public record Check(String name, String value, String limit, boolean passed, String detail) {
        public String outcome() {
            return passed ? "met" : "not met";
        }
    }

    /**
     * A share of a whole.
     *
     * @param width 0 to 100
     */
    public record Bar(String name, String text, double width) {
        /** As an attribute of SVG wants it. */
        public String length() {
            return Double.toString(Math.round(10 * width) / 10.0);
        }
    }

    public ModelView {
        roles = List.copyOf(roles);
        actions = List.copyOf(actions);
        facts = List.copyOf(facts);
        metrics = List.copyOf(metrics);
        judgements = List.copyOf(judgements);
        recall = List.copyOf(recall);
        files = List.copyOf(files);
        ancestors = List.copyOf(ancestors);
        children = List.copyOf(children);
    }
}
