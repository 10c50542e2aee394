package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A run.
 *
 * @param title its id
 * @param message of its state
 * @param ending who wants it to end, where that is still to be done; empty otherwise
 * @param actions what can be done about it
 * @param why it was asked for
 * @param evidence the facts that led to it
 * @param others runs of the same stage to compare it with: name and id
 * @param now how far it is, line by line; empty if nothing was told
 * @param done percent of its steps; below 0 if unknown
 * @param made the checkpoints that came of it
 * @param history its states, the oldest first
 */
public record RunView(
        Frame frame,
        String base,
        String title,
        RunRow row,
        String message,
        String ending,
        List<Action> actions,
        String why,
        List<Grounds> evidence,
        List<Line> from,
        String recipe,
        List<Line> others,
        List<Line> now,
        double done,
        List<Line> metrics,
        List<Line> made,
        List<State> history,
        CurveText curve) {

    /** A name and a value; the value leads somewhere unless {@code href} is empty. */
    public record Line(String name, String value, String href) {
        static Line of(String name, String value) {
            return new Line(name, value, "");
        }

        public boolean isLink() {
            return !href.isEmpty();
        }
    }

    /** A fact that led to the run, and where it is said. */
    public record Grounds(String what, String where) {}

    /** A state it was in. */
    public record State(String name, Say.When since, int attempt, String worker, String message) {}

    /** The curve for those who do not see it: a sentence, and some points of it. */
    public record CurveText(String sentence, List<Point> points) {
        public CurveText {
            points = List.copyOf(points);
        }
    }

    /** A point of the curve. */
    public record Point(String step, String loss, String rate) {}

    public RunView {
        actions = List.copyOf(actions);
        evidence = List.copyOf(evidence);
        from = List.copyOf(from);
        others = List.copyOf(others);
        now = List.copyOf(now);
        metrics = List.copyOf(metrics);
        made = List.copyOf(made);
        history = List.copyOf(history);
    }

    /** Whether it is known how much of it is done. */
    public boolean isMeasured() {
        return done >= 0;
    }

    /** Whole percents that are done. */
    public long percent() {
        return Math.round(done);
    }
}
