package dev.tutelage.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.IndentedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was found about soft labels.
 *
 * @param clean whether nothing is wrong
 * @param pending how many shards' requests are not done yet, which is nothing wrong
 * @param teachers of each task, in the order of the topics
 */
public record Verification(boolean clean, int pending, List<TeacherReport> teachers) implements VerifyFlags.Result {
    private static final int SHOWN_DIGITS = 12;

    static Verification of(List<TeacherReport> teachers) {
        return new Verification(
                teachers.stream().allMatch(report -> report.findings().isEmpty()),
                teachers.stream().mapToInt(TeacherReport::pending).sum(),
                List.copyOf(teachers));
    }

    /** Everything that is wrong. */
    public List<Finding> findings() {
        return teachers.stream().flatMap(report -> report.findings().stream()).toList();
    }

    @Override
    public int undone() {
        return pending;
    }

    @Override
    public String json() throws JsonProcessingException {
        return IndentedJson.of(this);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (TeacherReport report : teachers) {
            lines.add(String.format(
                    Locale.ROOT,
                    "task %s, teacher %s: %,d shards, %,d labeled, %,d failed or cancelled, %,d pending; %,d images have soft labels,"
                            + " %,d were left out",
                    report.task(),
                    shown(report.teacher()),
                    report.shards(),
                    report.labeled(),
                    report.failed(),
                    report.pending(),
                    report.images(),
                    report.leftOut()));
            report.findings().forEach(finding -> lines.addAll(finding.lines()));
        }
        lines.add(summary());
        return lines;
    }

    private String summary() {
        String pendingToo = pending == 0 ? "" : "; " + pending + " shards are still to be labeled";
        return clean
                ? "Clean: every image that was to be labeled has exactly one soft label by each teacher" + pendingToo
                : "Not clean: " + findings().size() + " findings" + pendingToo;
    }

    private static String shown(String digest) {
        return digest.substring(0, Math.min(SHOWN_DIGITS, digest.length()));
    }
}
