package dev.tutelage.integration;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.log.FactReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what is said about one task, as any consumer that reads committed sees it. */
final class Watcher implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final String task;
    private final FactReader reader;
    private final List<Message> facts = new ArrayList<>();

    Watcher(String task, Machine machine) {
        this.task = task;
        this.reader = new FactReader(machine.kafka(), EnumSet.allOf(Topic.class));
    }

    /** Reads until something is the case. */
    void await(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + patience.toSeconds() + " s: " + what + ". Runs: "
                        + all(RunChanged.class)
                                .map(run -> run.getRunId() + " " + run.getState() + " " + run.getMessage())
                                .toList());
            }
            read();
        }
    }

    /** Reads whatever is there by now. */
    void catchUp() {
        reader.readToEnd(placed -> facts.add(placed.fact().payload()));
    }

    private void read() {
        reader.poll(POLL).stream().map(Fact::payload).forEach(facts::add);
    }

    private <M extends Message> Stream<M> all(Class<M> type) {
        return facts.stream().filter(type::isInstance).map(type::cast);
    }

    List<CheckpointPublished> checkpoints() {
        return all(CheckpointPublished.class)
                .filter(fact -> fact.getTask().equals(task))
                .toList();
    }

    List<CheckpointPublished> checkpoints(Stage stage) {
        return checkpoints().stream().filter(fact -> fact.getStage() == stage).toList();
    }

    List<ShardAdded> shards() {
        return all(ShardAdded.class).filter(fact -> fact.getTask().equals(task)).toList();
    }

    List<SoftLabelsAdded> softLabels() {
        return all(SoftLabelsAdded.class)
                .filter(fact -> fact.getTask().equals(task))
                .toList();
    }

    List<Promoted> promotions(Role role) {
        return all(Promoted.class)
                .filter(fact -> fact.getTask().equals(task) && fact.getRole() == role)
                .toList();
    }

    List<CandidateJudged> judgements(Role role) {
        return all(CandidateJudged.class)
                .filter(fact -> fact.getTask().equals(task) && fact.getRole() == role)
                .toList();
    }

    List<DriftDetected> drifts() {
        return all(DriftDetected.class)
                .filter(fact -> fact.getTask().equals(task))
                .toList();
    }

    List<RunChanged> runs(RunState state) {
        return all(RunChanged.class)
                .filter(fact -> fact.getTask().equals(task) && fact.getState() == state)
                .toList();
    }

    /** What was asked for at a stage, as often as it was said. */
    List<RunRequested> requests(Stage stage) {
        return all(RunRequested.class)
                .filter(fact -> fact.getTask().equals(task) && fact.getStage() == stage)
                .toList();
    }

    List<DeadLettered> deadLetters() {
        return all(DeadLettered.class)
                .filter(fact -> fact.getTask().equals(task))
                .toList();
    }

    /** What was left out, of all dead letters. */
    List<RejectedItem> rejected() {
        return deadLetters().stream()
                .flatMap(letter -> letter.getRejectedList().stream())
                .toList();
    }

    boolean isInProgress(Stage stage) {
        return all(RunProgressed.class)
                .anyMatch(fact -> fact.getTask().equals(task) && fact.getStage() == stage && fact.getStep() > 0);
    }

    boolean hasStarted(Stage stage) {
        return runs(RunState.RUN_STATE_STARTED).stream().anyMatch(run -> run.getStage() == stage);
    }

    /** A student is promoted, and every run that was asked for has succeeded. */
    boolean hasStudentAndRest() {
        Set<String> succeeded = runs(RunState.RUN_STATE_SUCCEEDED).stream()
                .map(RunChanged::getRunId)
                .collect(Collectors.toSet());
        return !promotions(Role.ROLE_STUDENT).isEmpty()
                && runs(RunState.RUN_STATE_REQUESTED).stream().allMatch(run -> succeeded.contains(run.getRunId()));
    }

    boolean hasStudent() {
        return !promotions(Role.ROLE_STUDENT).isEmpty()
                && !checkpoints(Stage.STAGE_SUPERVISED).isEmpty();
    }

    @Override
    public void close() {
        reader.close();
    }
}
