package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.GateEvidence;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How a class is recognised by a candidate and by the holder of the role that it competed for, when the gate judged it.
 *
 * @param change in points, with its sign and in words
 */
public record ClassChange(String name, String candidate, String holder, String change) {
    private static final double SAME = 0.05;

    /** By class; none where there was no holder, or recall was not told. */
    static List<ClassChange> of(CandidateJudged judged, List<String> classes) {
        GateEvidence evidence = judged.getEvidence();
        List<Double> candidate = evidence.getCandidateClassRecallList();
        List<Double> holder = evidence.getHolderClassRecallList();
        if (candidate.size() != classes.size() || holder.size() != classes.size()) {
            return List.of();
        }
        return IntStream.range(0, classes.size())
                .mapToObj(c -> new ClassChange(
                        classes.get(c),
                        percent(candidate.get(c)),
                        percent(holder.get(c)),
                        change(candidate.get(c) - holder.get(c))))
                .toList();
    }

    private static String percent(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f %%", value) : "no image";
    }

    private static String change(double points) {
        if (!Double.isFinite(points)) {
            return Say.NOTHING;
        } else if (Math.abs(points) < SAME) {
            return "the same";
        }
        return String.format(Locale.ROOT, "%+.1f, %s", points, points > 0 ? "better" : "worse");
    }
}
