package dev.tutelage.cli.verify;

import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.run.RunId;
import dev.tutelage.platform.run.StoredOutcomes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether every request of one task has ended once, whether a training that succeeded has published one checkpoint, and
 * whether what requests and checkpoints name was ever said.
 */
final class RunCheck {
    private final TaskRuns facts;
    private final Predicate<Place> consumed;
    private final StoredOutcomes outcomes;
    private final TaskReport.Tally tally;
    private final Map<String, List<String>> checkpointsByRun = new HashMap<>();

    /** @param consumed tells of the place of a request whether the workers are done with it */
    RunCheck(TaskRuns facts, Predicate<Place> consumed, StoredOutcomes outcomes, TaskReport.Tally tally) {
        this.facts = facts;
        this.consumed = consumed;
        this.outcomes = outcomes;
        this.tally = tally;
    }

    void run() {
        facts.checkpoints().forEach((digest, said) -> {
            tally.checkpoint();
            checkRepetition(digest, said);
            checkOrigin(said.get(0));
            checkpointsByRun
                    .computeIfAbsent(said.get(0).fact().getRunId(), none -> new ArrayList<>())
                    .add(digest);
        });
        facts.lives().forEach(this::check);
    }

    private void check(RunLife life) {
        if (life.request().isEmpty()) {
            life.mentioned()
                    .ifPresent(place -> tally.find(
                            Kind.ORPHANED,
                            life.key().toString(),
                            List.of(place.toString()),
                            "its state is said, but it was never requested",
                            "Look for who says facts beside the services"));
            return;
        }
        tally.request();
        checkNames(life);
        switch (life.ends().size()) {
            case 0 -> checkUnended(life);
            case 1 -> {
                tally.ended(life.ends().get(0));
                checkResult(life);
            }
            default -> {
                tally.ended(life.ends().get(0));
                findRepeatedEnd(life);
            }
        }
    }

    private void checkUnended(RunLife life) {
        if (life.requests().stream().noneMatch(consumed)) {
            tally.pending();
            return;
        }
        // Topic runs is compacted: it keeps one state of a run, which may be that of a retry, or one that a late worker
        // said after the end.
        if (facts.wasRetried(life.key())
                || outcomes.of(life.key().run()).isPresent()
                || facts.isBuried(life.key().run())) {
            checkResult(life);
            return;
        }
        tally.find(
                Kind.MISSING,
                life.key().toString(),
                places(life),
                "the request is done, and nothing says how the run ended",
                "Send the request again; if this happens again, the worker's commits are not transactional");
    }

    private void findRepeatedEnd(RunLife life) {
        tally.find(
                Kind.DUPLICATE,
                life.key().toString(),
                life.ends().stream()
                        .map(end -> end.place() + " " + RunId.nameOf(end.state()))
                        .toList(),
                life.ends().size() + " committed facts say how the run ended",
                "Readers take the first. Look for a worker that commits without a transaction");
    }

    private void checkResult(RunLife life) {
        boolean trains = life.request().orElseThrow().stage() != Stage.STAGE_LABEL;
        int published =
                checkpointsByRun.getOrDefault(life.key().run(), List.of()).size();
        if (trains && life.hasEnded(RunState.RUN_STATE_SUCCEEDED) && published != 1) {
            tally.find(
                    published == 0 ? Kind.MISSING : Kind.DUPLICATE,
                    life.key().toString(),
                    places(life),
                    "the run has succeeded and published " + published + " checkpoints instead of one",
                    "See the worker's log, and ask for the run again: what is stored is said again");
        }
    }

    private void checkRepetition(String digest, List<Said<CheckpointPublished>> said) {
        if (said.size() > 1) {
            tally.find(
                    Kind.DUPLICATE,
                    "checkpoint " + digest,
                    said.stream().map(one -> one.place().toString()).toList(),
                    "it is published " + said.size() + " times",
                    "Readers take the first. Look for a worker that commits without a transaction");
        }
    }

    private void checkOrigin(Said<CheckpointPublished> said) {
        CheckpointPublished checkpoint = said.fact();
        List<String> problems = new ArrayList<>();
        unknownCheckpoint("parent", checkpoint.getParent()).ifPresent(problems::add);
        unknownCheckpoint("start", checkpoint.getStart()).ifPresent(problems::add);
        if (!checkpoint.getRunId().isEmpty()) {
            runProblem(checkpoint.getRunId()).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            tally.find(
                    Kind.ORPHANED,
                    "checkpoint " + checkpoint.getDigest(),
                    List.of(said.place().toString()),
                    String.join("; ", problems),
                    "Look for who says facts beside the services, or restore the topics from one backup");
        }
    }

    private Optional<String> runProblem(String run) {
        if (facts.livesOf(run).stream().allMatch(life -> life.request().isEmpty())) {
            return Optional.of("run " + run + " was never requested");
        }
        boolean ended = facts.livesOf(run).stream().anyMatch(life -> life.hasEnded(RunState.RUN_STATE_SUCCEEDED))
                || outcomes.of(run).isPresent();
        return ended ? Optional.empty() : Optional.of("run " + run + " has not succeeded");
    }

    private void checkNames(RunLife life) {
        RunLife.Request request = life.request().orElseThrow();
        List<String> problems = new ArrayList<>();
        unknownCheckpoint("parent", request.parent()).ifPresent(problems::add);
        unknownCheckpoint("start", request.start()).ifPresent(problems::add);
        if (request.stage() == Stage.STAGE_LABEL
                && !facts.hasShard(request.dataset().getDigest())) {
            problems.add("shard " + request.dataset().getDigest() + " was never added to the task");
        }
        if (!problems.isEmpty()) {
            tally.find(
                    Kind.ORPHANED,
                    life.key().toString(),
                    places(life),
                    "the request names what was never said: " + String.join("; ", problems),
                    "Look for who says requests beside the triggers, or restore the topics from one backup");
        }
    }

    private Optional<String> unknownCheckpoint(String what, String digest) {
        return Optional.of("its " + what + ", checkpoint " + digest + ", was never published for the task")
                .filter(problem -> !digest.isEmpty() && !facts.hasCheckpoint(digest));
    }

    private static List<String> places(RunLife life) {
        return life.requests().stream().map(Place::toString).toList();
    }
}
