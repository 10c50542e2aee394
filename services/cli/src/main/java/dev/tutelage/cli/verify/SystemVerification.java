package dev.tutelage.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.IndentedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was found about everything.
 *
 * @param clean whether nothing is wrong
 * @param pending requests that no worker is done with yet, which is nothing wrong
 * @param tasks runs, checkpoints and promotions of each task, in the order of the topics
 * @param softLabels of each task
 */
public record SystemVerification(boolean clean, int pending, List<TaskReport> tasks, Verification softLabels)
        implements VerifyFlags.Result {

    static SystemVerification of(List<TaskReport> tasks, Verification softLabels) {
        return new SystemVerification(
                softLabels.clean()
                        && tasks.stream().allMatch(report -> report.findings().isEmpty()),
                tasks.stream().mapToInt(TaskReport::pending).sum(),
                List.copyOf(tasks),
                softLabels);
    }

    /** Everything that is wrong. */
    public List<Finding> findings() {
        return Stream.concat(
                        tasks.stream().flatMap(report -> report.findings().stream()), softLabels.findings().stream())
                .toList();
    }

    @Override
    public int undone() {
        return pending + softLabels.pending();
    }

    @Override
    public String json() throws JsonProcessingException {
        return IndentedJson.of(this);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (TaskReport report : tasks) {
            lines.add(String.format(
                    Locale.ROOT,
                    "task %s: %,d requests, %,d succeeded, %,d failed, %,d cancelled, %,d pending; %,d checkpoints,"
                            + " %,d promotions; %,d objects looked at",
                    report.task(),
                    report.requests(),
                    report.succeeded(),
                    report.failed(),
                    report.cancelled(),
                    report.pending(),
                    report.checkpoints(),
                    report.promotions(),
                    report.objects()));
            report.findings().forEach(finding -> lines.addAll(finding.lines()));
        }
        lines.addAll(softLabels.lines());
        String waiting = pending == 0 ? "" : "; " + pending + " requests are not done yet";
        lines.add(
                clean
                        ? "Clean: every request has one end, every checkpoint its bytes, every image its soft labels,"
                                + " every promotion its reason" + waiting
                        : "Not clean: " + findings().size() + " findings" + waiting);
        return lines;
    }
}
