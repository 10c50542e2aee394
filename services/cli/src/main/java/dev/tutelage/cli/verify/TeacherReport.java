package dev.tutelage.cli.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * How one teacher's soft labels for one task are.
 *
 * @param task the task's name
 * @param teacher digest of the teacher's checkpoint
 * @param shards that the teacher is to label
 * @param labeled shards of these that have soft labels
 * @param failed shards of these whose run has failed, which is told in a dead letter, or was cancelled
 * @param pending shards of these whose request is not done yet
 * @param images that have their soft labels, as far as the bytes were looked at
 * @param leftOut images of labeled shards that could not be used, each told in a dead letter
 * @param findings what is wrong
 */
public record TeacherReport(
        String task,
        String teacher,
        int shards,
        int labeled,
        int failed,
        int pending,
        long images,
        long leftOut,
        List<Finding> findings) {

    public TeacherReport {
        findings = List.copyOf(findings);
    }

    /** Counts while it is looked. */
    static final class Tally {
        private final String task;
        private final String teacher;
        private int labeled;
        private int failed;
        private int pending;
        private int shards;
        private long images;
        private long leftOut;
        private final List<Finding> findings = new ArrayList<>();

        Tally(String task, String teacher) {
            this.task = task;
            this.teacher = teacher;
        }

        void labeled() {
            shards++;
            labeled++;
        }

        void failed() {
            shards++;
            failed++;
        }

        void pending() {
            shards++;
            pending++;
        }

        /** A shard that nothing is right with. */
        void lost() {
            shards++;
        }

        void images(long number, long more) {
            images += number;
            leftOut += more;
        }

        void find(Finding.Kind kind, String shard, List<String> where, String problem, String remedy) {
            findings.add(new Finding(kind, task, "shard " + shard, where, problem, remedy));
        }

        boolean hasFindings() {
            return !findings.isEmpty();
        }

        TeacherReport report() {
            return new TeacherReport(task, teacher, shards, labeled, failed, pending, images, leftOut, findings);
        }
    }
}
