package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.PairedComparison;
import dev.tutelage.platform.gate.Check.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that a task asks of a candidate.
 *
 * @param comparison with the holder, if there is one and both have predictions
 * @param classes their names
 */
record Checks(
        GateLimits limits,
        Candidate candidate,
        Optional<Candidate> holder,
        Optional<PairedComparison> comparison,
        List<String> classes) {

    /** In a fixed order; only those that the task asks for. */
    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(top1());
        if (holder.isPresent()) {
            checks.add(better());
        }
        if (limits.minClassRecall() > 0) {
            checks.add(classRecall());
        }
        if (limits.maxCalibrationError() > 0) {
            checks.add(atMost(
                    "calibration error",
                    candidate.calibrationError(),
                    limits.maxCalibrationError(),
                    "expected calibration error %.4f (%.4f at most)"));
        }
        if (limits.maxModelBytes() > 0) {
            checks.add(atMost(
                    "model bytes",
                    candidate.modelBytes(),
                    (double) limits.maxModelBytes(),
                    "model.onnx of %,.0f bytes (%,.0f at most)"));
        }
        if (limits.maxLatencyMillis() > 0) {
            checks.add(atMost(
                    "latency",
                    candidate.latencyMillis(),
                    limits.maxLatencyMillis(),
                    "%.3f ms to predict an image (%.3f at most)"));
        }
        return checks;
    }

    private Check top1() {
        if (candidate.top1().isEmpty()) {
            return Check.unknown("top1", limits.minTop1(), "held-out top-1 was not measured");
        }
        double top1 = candidate.top1().getAsDouble();
        return new Check(
                "top1",
                top1,
                limits.minTop1(),
                Outcome.of(top1 >= limits.minTop1()),
                text("held-out top-1 %.2f%% (%.2f%% at least)", top1, limits.minTop1()));
    }

    /** Of two that are equally good the one that has the role keeps it. */
    private Check better() {
        String name = "better than the holder";
        double limit = 1 - limits.confidence();
        if (comparison.isEmpty()) {
            String who = candidate.predictions().isPresent() ? "the holder" : "the candidate";
            return Check.unknown(
                    name,
                    limit,
                    "it cannot be compared with the holder: what " + who + " says of held-out images is not known");
        }
        PairedComparison found = comparison.get();
        if (found.getImages() == 0) {
            return Check.unknown(
                    name, limit, "it cannot be compared with the holder: they were evaluated on other images");
        }
        boolean better = found.getCandidateOnly() > found.getHolderOnly();
        return new Check(
                name,
                found.getPValue(),
                limit,
                Outcome.of(better && (limits.onlyBetter() || found.getPValue() <= limit)),
                text(
                        "of the same %,d held-out images, %d are right by it alone and %d by the holder alone%s",
                        found.getImages(),
                        found.getCandidateOnly(),
                        found.getHolderOnly(),
                        limits.onlyBetter() ? "" : text(" (p %.4f, %.4f at most)", found.getPValue(), limit)));
    }

    private Check classRecall() {
        List<Double> recalls =
                candidate.predictions().map(Predictions::classRecall).orElse(List.of());
        int worst = -1;
        for (int c = 0; c < recalls.size(); c++) {
            boolean counts = !Double.isNaN(recalls.get(c));
            worst = counts && (worst < 0 || recalls.get(c) < recalls.get(worst)) ? c : worst;
        }
        if (worst < 0) {
            return Check.unknown("class recall", limits.minClassRecall(), "the recall of each class was not measured");
        }
        double least = recalls.get(worst);
        return new Check(
                "class recall",
                least,
                limits.minClassRecall(),
                Outcome.of(least >= limits.minClassRecall()),
                text(
                        "recall of %s %.2f%% (%.2f%% at least of each class)",
                        worst < classes.size() ? classes.get(worst) : "class " + worst,
                        least,
                        limits.minClassRecall()));
    }

    private static Check atMost(String name, OptionalDouble value, double limit, String format) {
        if (value.isEmpty()) {
            return Check.unknown(name, limit, "the " + name + " was not measured");
        }
        double measured = value.getAsDouble();
        return new Check(name, measured, limit, Outcome.of(measured <= limit), text(format, measured, limit));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
