package dev.tutelage.learning.train;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The clock of one phase of training: when to report, when to write a snapshot, how long it will take. */
final class Pace {

    private static final long REPORT_EVERY = Duration.ofMillis(500).toNanos();

    private final Plan plan;
    private final TrainingContext context;
    private final long started = System.nanoTime();
    /** As if long ago: the first step is reported, so that it shows at once that a resumed training goes on. */
    private long reported = started - REPORT_EVERY;

    private long snapshotted = started;
    private long stepsHere;
    private final Map<String, Double> measured = new TreeMap<>();

    Pace(Plan plan, TrainingContext context) {
        this.plan = plan;
        this.context = context;
    }

    /** Takes what was measured between epochs into the reports from now on. */
    void measured(Map<String, Double> metrics) {
        measured.putAll(metrics);
    }

    /** Counts a step and reports it if it is time. */
    void report(long step, double loss, double learningRate, boolean last) {
        stepsHere++;
        long now = System.nanoTime();
        if (now - reported < REPORT_EVERY && !last) {
            return;
        }
        reported = now;
        double secondsPerStep = (now - started) / 1e9 / stepsHere;
        context.observer()
                .progress(new Progress(
                        plan.phase(),
                        step,
                        plan.steps(),
                        plan.epoch(step - 1) + 1,
                        plan.epochs(),
                        loss,
                        learningRate,
                        plan.batchSize() / secondsPerStep,
                        secondsPerStep * (plan.steps() - step),
                        measured));
    }

    /** Whether a snapshot is due; asking when it is starts the next interval. */
    boolean snapshotDue() {
        long now = System.nanoTime();
        boolean due = now - snapshotted >= context.snapshotEvery().toNanos();
        if (due) {
            snapshotted = now;
        }
        return due;
    }
}
