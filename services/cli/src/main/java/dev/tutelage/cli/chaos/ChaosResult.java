package dev.tutelage.cli.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.IndentedJson;
import dev.tutelage.cli.verify.Finding;
import dev.tutelage.cli.verify.SystemVerification;
import dev.tutelage.cli.verify.TaskReport;
import dev.tutelage.cli.verify.TeacherReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What a run of chaos did and what it came to.
 *
 * @param seed of the schedule
 * @param minutes that faults were done for
 * @param faults that were done
 * @param byKind the same by kind
 * @param tasks that were declared
 * @param images without labels that streamed in
 * @param labeled images that have soft labels, counted for each teacher
 * @param runs that ended: succeeded, failed and cancelled
 * @param failed runs of these that failed
 * @param checkpoints that were published
 * @param promotions to teacher or student
 * @param lost findings that something is missing
 * @param repeated findings that something is there more than once
 * @param findings everything that is wrong
 * @param calmSeconds from the last fault until nothing was left to do; empty if something still was
 * @param peakBytes resident memory of all processes at most
 */
record ChaosResult(
        long seed,
        double minutes,
        int faults,
        List<Kind> byKind,
        int tasks,
        long images,
        long labeled,
        int runs,
        int failed,
        int checkpoints,
        int promotions,
        long lost,
        long repeated,
        List<Finding> findings,
        Optional<Double> calmSeconds,
        long peakBytes) {

    ChaosResult {
        byKind = List.copyOf(byKind);
        findings = List.copyOf(findings);
    }

    /**
     * The faults of one kind.
     *
     * @param medianSeconds to recover, of those that work went on after
     * @param maxSeconds to recover, of the same
     * @param unrecovered those after which no work was seen to go on
     */
    record Kind(String kind, int faults, Optional<Double> medianSeconds, Optional<Double> maxSeconds, int unrecovered) {

        private static Kind of(FaultKind kind, List<Recovery> recoveries) {
            List<Double> seconds = recoveries.stream()
                    .flatMapToDouble(recovery -> recovery.seconds().stream())
                    .sorted()
                    .boxed()
                    .toList();
            return new Kind(
                    kind.word(),
                    recoveries.size(),
                    seconds.isEmpty() ? Optional.empty() : Optional.of(seconds.get(seconds.size() / 2)),
                    seconds.stream().max(Comparator.naturalOrder()),
                    recoveries.size() - seconds.size());
        }
    }

    /** Puts the result together. */
    static ChaosResult of(long seed, double minutes, River river, Chaos.Aftermath aftermath, long peakBytes) {
        SystemVerification found = aftermath.found();
        Map<FaultKind, List<Recovery>> kinds = aftermath.recoveries().stream()
                .collect(Collectors.groupingBy(Recovery::kind, TreeMap::new, Collectors.toList()));
        List<Kind> byKind = new ArrayList<>();
        kinds.forEach((kind, recoveries) -> byKind.add(Kind.of(kind, recoveries)));
        return new ChaosResult(
                seed,
                minutes,
                aftermath.recoveries().size(),
                byKind,
                river.tasks(),
                river.images(),
                found.softLabels().teachers().stream()
                        .mapToLong(TeacherReport::images)
                        .sum(),
                aftermath.runsEnded(),
                sum(found, TaskReport::failed),
                sum(found, TaskReport::checkpoints),
                sum(found, TaskReport::promotions),
                count(found, Finding.Kind.MISSING),
                count(found, Finding.Kind.DUPLICATE),
                found.findings(),
                aftermath.calmSeconds(),
                peakBytes);
    }

    private static int sum(SystemVerification found, ToIntFunction<TaskReport> count) {
        return found.tasks().stream().mapToInt(count).sum();
    }

    private static long count(SystemVerification found, Finding.Kind kind) {
        return found.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .count();
    }

    /** Whether nothing is wrong, and nothing was left to do. */
    boolean clean() {
        return findings.isEmpty() && calmSeconds.isPresent();
    }

    /** For programs. */
    String json() throws JsonProcessingException {
        return IndentedJson.of(this);
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format("%-18s %6s  %s", "fault", "done", "seconds until work goes on: median, longest"));
        for (Kind kind : byKind) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-18s %6d  %s, %s%s",
                    kind.kind(),
                    kind.faults(),
                    shown(kind.medianSeconds()),
                    shown(kind.maxSeconds()),
                    kind.unrecovered() == 0 ? "" : "; after " + kind.unrecovered() + " not seen"));
        }
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "seed %d, %s min: %d faults; %d tasks, %,d images streamed in; %,d runs finished (%d failed), %d checkpoints,"
                        + " %d promotions; %,d images labeled; %.1f GB of memory at most",
                seed,
                String.format(Locale.ROOT, "%.1f", minutes),
                faults,
                tasks,
                images,
                runs,
                failed,
                checkpoints,
                promotions,
                labeled,
                peakBytes / 1e9));
        lines.add(calmSeconds
                .map(seconds -> String.format(Locale.ROOT, "Everything was done %.0f s after the last of it", seconds))
                .orElse("Not everything came to its end"));
        lines.add(
                "lost " + lost + ", repeated " + repeated + ", other findings " + (findings.size() - lost - repeated));
        findings.forEach(finding -> lines.addAll(finding.lines()));
        return lines;
    }

    private static String shown(Optional<Double> seconds) {
        return seconds.map(some -> String.format(Locale.ROOT, "%.1f", some)).orElse("-");
    }
}
