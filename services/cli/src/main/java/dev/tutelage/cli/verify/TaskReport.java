package dev.tutelage.cli.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * How one task's runs, checkpoints and promotions are.
 *
 * @param task the task's name
 * @param requests that were said, each retry for itself
 * @param succeeded requests of these that ended well
 * @param failed requests of these that ended as failed
 * @param cancelled requests of these that ended as cancelled
 * @param pending requests of these that no worker is done with yet
 * @param checkpoints that were published
 * @param promotions that were said, repetitions left out
 * @param objects that were looked at
 * @param findings what is wrong
 */
public record TaskReport(
        String task,
        int requests,
        int succeeded,
        int failed,
        int cancelled,
        int pending,
        int checkpoints,
        int promotions,
        long objects,
        List<Finding> findings) {

    public TaskReport {
        findings = List.copyOf(findings);
    }

    /** Counts while it is looked. */
    static final class Tally {
        private final String task;
        private int requests;
        private int succeeded;
        private int failed;
        private int cancelled;
        private int pending;
        private int checkpoints;
        private int promotions;
        private long objects;
        private final List<Finding> findings = new ArrayList<>();

        Tally(String task) {
            this.task = task;
        }

        /** A request that is said. */
        void request() {
            requests++;
        }

        void ended(RunLife.End end) {
            switch (end.state()) {
                case RUN_STATE_SUCCEEDED -> succeeded++;
                case RUN_STATE_CANCELLED -> cancelled++;
                default -> failed++;
            }
        }

        void pending() {
            pending++;
        }

        int pendingSoFar() {
            return pending;
        }

        void checkpoint() {
            checkpoints++;
        }

        void promotion() {
            promotions++;
        }

        void object() {
            objects++;
        }

        void find(Finding.Kind kind, String about, List<String> where, String problem, String remedy) {
            findings.add(new Finding(kind, task, about, where, problem, remedy));
        }

        boolean hasFindings() {
            return !findings.isEmpty();
        }

        TaskReport report() {
            return new TaskReport(
                    task, requests, succeeded, failed, cancelled, pending, checkpoints, promotions, objects, findings);
        }
    }
}
