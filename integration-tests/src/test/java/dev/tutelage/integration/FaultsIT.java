package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.chaos.FaultKind;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults of processes, network and store on the real processes, two of each service. After each, everything about the
 * test's task is verified from topics and objects.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final Duration A_WHILE = Duration.ofSeconds(5);
    /** The workers' session lasts 6 s. */
    private static final Duration BEYOND_THE_SESSION = Duration.ofSeconds(9);

    private static final int LONGEST_DELAY_MILLIS = 1_500;

    private FaultBed bed;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        bed = FaultBed.start(MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withCopies(2));
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @ParameterizedTest
    @EnumSource
    void workersAreKilledAtARandomMoment(Stretch stretch) throws Exception {
        during("killed", stretch, watcher -> {
            awaitRandomMoment();
            bed.suffer(FaultKind.KILL, stretch.processes());
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PRETRAINING", "DISTILLATION"})
    void workersAreAskedToEnd(Stretch stretch) throws Exception {
        during("terminated", stretch, watcher -> bed.suffer(FaultKind.TERMINATE, stretch.processes()));
    }

    @ParameterizedTest
    @EnumSource(names = {"PRETRAINING", "LABELING"})
    void aFrozenWorkerComesBackAsAZombie(Stretch stretch) throws Exception {
        during("zombie", stretch, watcher -> {
            bed.suffer(FaultKind.FREEZE, BEYOND_THE_SESSION, stretch.processes()[0]);
            bed.suffer(FaultKind.FREEZE, BEYOND_THE_SESSION, stretch.processes()[1]);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"CUT", "HANG", "SLOW"})
    void theNetworkBetweenWorkersAndBrokerIsBad(FaultKind kind) throws Exception {
        during(kind.name(), Stretch.LABELING, watcher -> bed.suffer(kind, A_WHILE, Stretch.LABELING.processes()));
    }

    /** What was on its way when the network hangs arrives after it, at a worker that is out of its group. */
    @ParameterizedTest
    @CsvSource({"CUT, PRETRAINING", "HANG, LABELING"})
    void aWorkerIsCutOffForLongerThanItsSession(FaultKind kind, Stretch stretch) throws Exception {
        during("cut-off-" + kind, stretch, watcher -> {
            bed.suffer(kind, BEYOND_THE_SESSION, stretch.processes()[0]);
            bed.suffer(kind, BEYOND_THE_SESSION, stretch.processes()[1]);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "STORE_ERROR, LABELING",
        "STORE_UNAVAILABLE, DISTILLATION",
        "STORE_SLOW, LABELING",
        "STORE_TRUNCATED, DISTILLATION"
    })
    void theStoreAnswersBadly(FaultKind kind, Stretch stretch) throws Exception {
        during(kind.name(), stretch, watcher -> bed.suffer(kind, A_WHILE, "s3"));
    }

    @Test
    void theBrokerIsKilled() throws Exception {
        during("broker", Stretch.LABELING, watcher -> bed.suffer(FaultKind.KILL, "kafka"));
        during("broker", Stretch.DISTILLATION, watcher -> bed.suffer(FaultKind.KILL, "kafka"));
    }

    @Test
    void theStoreIsKilled() throws Exception {
        during("store", Stretch.LABELING, watcher -> bed.suffer(FaultKind.KILL, "s3"));
        during("store", Stretch.PRETRAINING, watcher -> bed.suffer(FaultKind.KILL, "s3"));
    }

    @Test
    void everythingIsKilledAtOnce() throws Exception {
        during("restart", Stretch.DISTILLATION, watcher -> bed.suffer(FaultKind.RESTART_ALL, "all"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LABELING", "DISTILLATION"})
    void factsAreSaidAgainAndInAnotherOrder(Stretch stretch) throws Exception {
        during("again", stretch, watcher -> {
            bed.suffer(FaultKind.REPEAT, "all");
            stretch.awaitEnd(watcher);
            bed.suffer(FaultKind.REPEAT, "all");
        });
    }

    /** Both triggers of each service decide; what they ask for is asked for once, or is the same request. */
    @Test
    void twoTriggersAtOnceAskForTheSame() throws Exception {
        try (TinyTask task = new TinyTask("two-triggers", bed.machine());
                Watcher watcher = new Watcher(task.name(), bed.machine())) {
            task.begin();
            watcher.await("a student", FaultBed.PATIENCE, watcher::hasStudent);
            var found = bed.assertClean(task);
            assertThat(found.tasks()).singleElement().satisfies(report -> {
                assertThat(report.failed()).isZero();
                assertThat(report.checkpoints())
                        .as("one of each stage, and the baseline")
                        .isEqualTo(4);
                assertThat(report.requests()).as("and six label runs").isEqualTo(10);
                assertThat(report.promotions()).isEqualTo(2);
            });
        }
    }

    @Test
    void aDamagedSnapshotIsPassedOver() throws Exception {
        during("snapshot", Stretch.DISTILLATION, watcher -> {
            String run = watcher.runs(RunState.RUN_STATE_STARTED).stream()
                    .filter(started -> started.getStage() == Stage.STAGE_DISTILL)
                    .map(RunChanged::getRunId)
                    .findFirst()
                    .orElseThrow();
            ArtifactStore store = bed.machine().artifactStore();
            String snapshots = "runs/" + run + "/snapshots/";
            await("two snapshots")
                    .atMost(FaultBed.PATIENCE)
                    .until(() -> store.list(snapshots).size() >= 2);
            for (String process : Stretch.DISTILLATION.processes()) {
                bed.machine().freeze(process);
            }
            List<String> names = store.list(snapshots);
            store.putNamed(names.get(names.size() - 1), "half a snap".getBytes(StandardCharsets.UTF_8));
            bed.suffer(FaultKind.KILL, Stretch.DISTILLATION.processes());
            watcher.await("it is resumed", FaultBed.PATIENCE, () -> !watcher.runs(RunState.RUN_STATE_RESUMED)
                    .isEmpty());
        });
    }

    private interface Trouble {
        void happen(Watcher watcher) throws Exception;
    }

    /** Begins a stretch with a task of its own, lets something happen to it, and sees that it ends well. */
    private void during(String what, Stretch stretch, Trouble trouble) throws Exception {
        String name = (what + "-" + stretch).toLowerCase(Locale.ROOT).replace('_', '-');
        try (TinyTask task = new TinyTask(name, bed.machine());
                Watcher watcher = new Watcher(name, bed.machine())) {
            stretch.begin(task);
            stretch.awaitStart(watcher);
            trouble.happen(watcher);
            stretch.awaitEnd(watcher);
            assertThat(watcher.runs(RunState.RUN_STATE_FAILED)).isEmpty();
            bed.assertClean(task);
        }
    }

    private static void awaitRandomMoment() {
        int millis = new Random().nextInt(LONGEST_DELAY_MILLIS);
        System.out.println("The moment is after " + millis + " ms");
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }
}
