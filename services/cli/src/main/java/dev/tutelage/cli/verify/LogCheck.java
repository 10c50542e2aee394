package dev.tutelage.cli.verify;

import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.run.StoredOutcomes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at what the topics say about one task: whether exactly one soft-label fact was said of all that is due, and
 * whether each belongs to something.
 */
final class LogCheck {
    private final String task;
    private final TaskFacts facts;
    private final Predicate<Place> consumed;
    private final StoredOutcomes outcomes;
    private final Map<String, TeacherReport.Tally> tallies = new LinkedHashMap<>();
    private int unfinished;

    /** @param consumed tells of the place of a request whether the labelers are done with it */
    LogCheck(String task, TaskFacts facts, Predicate<Place> consumed, StoredOutcomes outcomes) {
        this.task = task;
        this.facts = facts;
        this.consumed = consumed;
        this.outcomes = outcomes;
    }

    LogCheck run() {
        Set<Labeled> unsaid = findUnsaidOutcomes();
        Map<Labeled, List<LabelRun>> runs = facts.runs().stream()
                .collect(Collectors.groupingBy(run -> run.labels().orElseThrow()));
        for (Labeled due : facts.due()) {
            judge(due, runs.getOrDefault(due, List.of()), unsaid.contains(due));
        }
        facts.labels().forEach((labeled, said) -> {
            findRepetitions(labeled, said);
            said.forEach(this::findOrphan);
        });
        return this;
    }

    /** By teacher. */
    Map<String, TeacherReport.Tally> tallies() {
        return tallies;
    }

    /** What may come by itself: requests that are not done yet, and shards that were not asked for yet. */
    int unfinished() {
        return unfinished;
    }

    TeacherReport.Tally tally(String teacher) {
        return tallies.computeIfAbsent(teacher, none -> new TeacherReport.Tally(task, teacher));
    }

    private void judge(Labeled due, List<LabelRun> runs, boolean unsaid) {
        TeacherReport.Tally tally = tally(due.teacher());
        if (facts.labels().containsKey(due)) {
            tally.labeled();
        } else if (runs.stream().anyMatch(LabelRun::hasFailed)) {
            tally.failed();
        } else if (runs.stream().anyMatch(this::isPending)) {
            tally.pending();
            unfinished++;
        } else {
            tally.lost();
            if (!unsaid) {
                findMissing(due, runs, tally);
            }
        }
    }

    private boolean isPending(LabelRun run) {
        return run.request().filter(place -> !consumed.test(place)).isPresent();
    }

    private void findMissing(Labeled due, List<LabelRun> runs, TeacherReport.Tally tally) {
        List<String> where = new ArrayList<>();
        facts.shard(due.shard()).ifPresent(shard -> where.add(shard.place().toString()));
        if (runs.isEmpty()) {
            unfinished++;
            tally.find(
                    Kind.MISSING,
                    due.shard(),
                    where,
                    "the teacher was never asked to label this shard",
                    "See that a labeler with the trigger role runs: it asks by itself, once it has read all facts");
            return;
        }
        runs.forEach(run -> where.add(describe(run)));
        tally.find(
                Kind.MISSING,
                due.shard(),
                where,
                "the request is done or has expired, and there are neither soft labels nor a failure",
                "Send the request again; if this happens again, the labeler's commits are not transactional");
    }

    private static String describe(LabelRun run) {
        return run.request().map(Place::toString).orElse("the expired request") + " of run " + run.id();
    }

    /** Stored outcomes of runs whose request is done, though the facts in them were never said. */
    private Set<Labeled> findUnsaidOutcomes() {
        Set<String> said = facts.labels().values().stream()
                .flatMap(List::stream)
                .map(labels -> labels.fact().getRunId())
                .collect(Collectors.toSet());
        return facts.runs().stream()
                .filter(run -> !said.contains(run.id()) && !run.hasFailed() && !isPending(run))
                .filter(run -> outcomes.of(run.id()).isPresent())
                .map(this::findUnsaidOutcome)
                .collect(Collectors.toSet());
    }

    private Labeled findUnsaidOutcome(LabelRun run) {
        Labeled labels = run.labels().orElseThrow();
        tally(labels.teacher())
                .find(
                        Kind.ORPHANED,
                        labels.shard(),
                        List.of(StoredOutcomes.objectName(run.id()), describe(run)),
                        "the outcome is stored and the request is done, but the facts in it were never said",
                        "Send the request again: the labeler then says the stored facts and computes nothing");
        return labels;
    }

    private void findRepetitions(Labeled labeled, List<Said<SoftLabelsAdded>> said) {
        if (said.size() > 1) {
            tally(labeled.teacher())
                    .find(
                            Kind.DUPLICATE,
                            labeled.shard(),
                            said.stream().map(one -> one.place().toString()).toList(),
                            said.size() + " committed facts say that this teacher has labeled this shard, of runs "
                                    + said.stream()
                                            .map(one -> one.fact().getRunId())
                                            .distinct()
                                            .collect(Collectors.joining(", ")),
                            "Readers take the first. Look for a labeler that commits without a transaction, or for two"
                                    + " label recipes of one task");
        }
    }

    private void findOrphan(Said<SoftLabelsAdded> said) {
        SoftLabelsAdded labels = said.fact();
        String reasons = Stream.of(
                        reason(
                                facts.shard(labels.getShard()).isEmpty(),
                                "shard " + labels.getShard() + " was never added to the task"),
                        reason(
                                !facts.hasCheckpoint(labels.getTeacher()),
                                "checkpoint " + labels.getTeacher() + " was never published for the task"),
                        runProblem(labels.getRunId()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        if (!reasons.isEmpty()) {
            tally(labels.getTeacher())
                    .find(
                            Kind.ORPHANED,
                            labels.getShard(),
                            List.of(said.place().toString()),
                            reasons,
                            "Look for who says facts beside the labelers; students may learn from these labels");
        }
    }

    private Optional<String> runProblem(String runId) {
        Optional<LabelRun> run = facts.run(runId);
        if (run.isEmpty()) {
            return Optional.of("run " + runId + " was never requested");
        }
        // Compaction keeps one state of a run, which may be one that a late worker said after the end.
        boolean ended = run.get().hasSucceeded() || outcomes.of(runId).isPresent();
        return reason(!ended, "run " + runId + " has not succeeded");
    }

    private static Optional<String> reason(boolean applies, String text) {
        return Optional.of(text).filter(unused -> applies);
    }
}
