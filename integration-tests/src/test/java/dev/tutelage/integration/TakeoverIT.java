package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.run.CancelCommand;
import dev.tutelage.cli.run.RetryCommand;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.log.FactReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A training whose worker goes, in each way that there is, and the other worker that goes on with it. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TakeoverIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** It is to take 10 s at most, and takes 8; a test that shares its machine leaves as much again. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final Map<String, String> SETTINGS = Map.of("tutelage.worker.snapshot-every", "1s");

    private Path state;
    private Machine machine;
    private TinyTask task;
    private Twins first;
    private Twins second;
    private Path firstDirectory;
    private FactReader reader;
    private final List<Fact> facts = new ArrayList<>();

    @BeforeAll
    void startMachine(@TempDir Path directory) throws Exception {
        state = directory.resolve("machine");
        machine = Machine.start(
                MachineOptions.everything(Home.directory(), state).withServices(List.of()),
                status -> System.out.println(status.line()));
    }

    @AfterAll
    void stopMachine() {
        machine.close();
    }

    @BeforeEach
    void beginTraining(TestInfo test, @TempDir Path one, @TempDir Path other) throws Exception {
        facts.clear();
        reader = new FactReader(machine.kafka(), EnumSet.of(Topic.RUNS, Topic.RUN_PROGRESS, Topic.CHECKPOINTS));
        firstDirectory = one;
        first = Twins.start(List.of("pretrainer"), machine, one, SETTINGS);
        second = Twins.start(List.of("pretrainer"), machine, other, SETTINGS);
        task = TinyTask.ofLongPretraining(test.getTestMethod().orElseThrow().getName(), machine);
        task.declare();
        task.addUnlabeled(TinyTask.UNLABELED);
        await("snapshots").atMost(PATIENCE).until(() -> run().filter(id -> snapshots(id) > 1)
                .isPresent());
    }

    /** What is not at its end would be in the way of the next test. */
    @AfterEach
    void endTraining() {
        try {
            int unused = new CommandLine(new CancelCommand()).execute(run().orElseThrow(), "--state", state.toString());
        } finally {
            first.close();
            second.close();
            reader.close();
            task.close();
        }
    }

    @Test
    void aRunWhoseWorkerIsKilledSoonGoesOnElsewhere() throws Exception {
        Instant killed = Instant.now();
        working().signal("KILL");
        await("progress elsewhere").atMost(PATIENCE).until(() -> progressAfter(killed)
                .isPresent());
        Fact goesOn = progressAfter(killed).orElseThrow();
        Duration took = Duration.between(killed, goesOn.time());
        tell("kill -9", took);
        assertThat(took).isLessThanOrEqualTo(LONGEST);
        assertThat(((RunProgressed) goesOn.payload()).getStep())
                .as("it goes on from a snapshot")
                .isGreaterThan(1);
    }

    @Test
    void aRunWhoseWorkerIsToldToStopGoesOnElsewhereAtOnce() throws Exception {
        Instant told = Instant.now();
        working().signal("TERM");
        await("resumption").atMost(PATIENCE).until(() -> resumed().isPresent());
        Instant resumed = resumed().orElseThrow().time();
        await("progress elsewhere").atMost(PATIENCE).until(() -> progressAfter(resumed)
                .isPresent());
        Duration took =
                Duration.between(told, progressAfter(resumed).orElseThrow().time());
        tell("SIGTERM", took);
        assertThat(took).isLessThanOrEqualTo(LONGEST);
    }

    /**
     * A zombie: it was given up by the group, does not know, and goes on where it was. The group may then give it the run back
     * in good order; whoever took it up last ends it.
     */
    @Test
    void aWorkerThatComesBackAfterItsRunWasTakenOverSaysNothing() throws Exception {
        Twins frozen = working();
        Instant stopped = Instant.now();
        frozen.signal("STOP");
        await("resumption").atMost(PATIENCE).until(() -> resumed().isPresent());
        await("progress elsewhere").atMost(PATIENCE).until(() -> progressAfter(stopped.plus(Duration.ofSeconds(1)))
                .isPresent());
        frozen.signal("CONT");
        await("the end")
                .atMost(PATIENCE)
                .until(() -> runs(RunState.RUN_STATE_SUCCEEDED).findAny().isPresent());
        assertThat(frozen.areAlive()).isTrue();
        first.leave();
        second.leave();
        readOn();
        String winner = lastToResume();
        assertThat(runs(RunState.RUN_STATE_SUCCEEDED)).singleElement().satisfies(run -> assertThat(run.getWorker())
                .isEqualTo(winner));
        assertThat(ofTask(CheckpointPublished.class)).hasSize(1);
    }

    @Test
    void aRunThatIsCancelledStopsAndGoesOnWhenItIsAskedForAgain() throws Exception {
        String id = run().orElseThrow();
        assertThat(new CommandLine(new CancelCommand()).execute(id, "--state", state.toString()))
                .isZero();
        await("the end")
                .atMost(PATIENCE)
                .until(() -> runs(RunState.RUN_STATE_CANCELLED).findAny().isPresent());
        assertThat(new CommandLine(new RetryCommand()).execute(id, "--state", state.toString()))
                .isZero();
        await("success")
                .atMost(PATIENCE)
                .until(() -> runs(RunState.RUN_STATE_SUCCEEDED).findAny().isPresent());
        assertThat(runs(RunState.RUN_STATE_SUCCEEDED).map(RunChanged::getRetry)).containsExactly(1);
        assertThat(runs(RunState.RUN_STATE_STARTED).map(RunChanged::getRetry)).containsExactly(0, 1);
        assertThat(ofTask(CheckpointPublished.class)).hasSize(1);
    }

    private static void tell(String what, Duration took) {
        System.out.printf(Locale.ROOT, "%s: first progress elsewhere after %.1f s%n", what, took.toMillis() / 1e3);
    }

    /** Working directories are those of runs that are worked on. */
    private Twins working() throws IOException {
        try (Stream<Path> runs = Files.list(firstDirectory.resolve("pretrainer"))) {
            return runs.findAny().isPresent() ? first : second;
        } catch (NoSuchFileException never) {
            return second;
        }
    }

    private int snapshots(String id) {
        return machine.artifactStore().list("runs/" + id + "/snapshots/").size();
    }

    private Optional<String> run() {
        readOn();
        return runs(RunState.RUN_STATE_REQUESTED).map(RunChanged::getRunId).findFirst();
    }

    private Optional<Fact> resumed() {
        readOn();
        return ofTheTask()
                .filter(fact ->
                        fact.payload() instanceof RunChanged run && run.getState() == RunState.RUN_STATE_RESUMED)
                .findFirst();
    }

    private String lastToResume() {
        return runs(RunState.RUN_STATE_RESUMED)
                .reduce((one, later) -> later)
                .map(RunChanged::getWorker)
                .orElseThrow();
    }

    private Optional<Fact> progressAfter(Instant time) {
        readOn();
        return ofTheTask()
                .filter(fact ->
                        fact.payload() instanceof RunProgressed && fact.time().isAfter(time))
                .findFirst();
    }

    private Stream<RunChanged> runs(RunState which) {
        readOn();
        return ofTask(RunChanged.class).stream().filter(run -> run.getState() == which);
    }

    private <M extends Message> List<M> ofTask(Class<M> type) {
        return ofTheTask()
                .map(Fact::payload)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private Stream<Fact> ofTheTask() {
        return facts.stream().filter(fact -> taskOf(fact.payload()).equals(task.name()));
    }

    private static String taskOf(Message fact) {
        if (fact instanceof RunChanged run) {
            return run.getTask();
        } else if (fact instanceof RunProgressed progress) {
            return progress.getTask();
        }
        return ((CheckpointPublished) fact).getTask();
    }

    private void readOn() {
        reader.readToEnd(placed -> facts.add(placed.fact()));
    }
}
