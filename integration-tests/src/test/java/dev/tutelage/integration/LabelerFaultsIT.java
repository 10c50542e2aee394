package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.verify.SoftLabelVerifier;
import dev.tutelage.cli.verify.Verification;
import dev.tutelage.cli.verify.VerifyCommand;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.integration.failpoint.Failpoints;
import dev.tutelage.integration.failpoint.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * What can happen to labelers, on a real broker and a real S3 endpoint: afterwards every image has its soft labels once,
 * as the verifier proves from topics and objects. One machine with one labeler serves all tests, each with a task of its
 * own and a teacher that needs no training.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelerFaultsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SOME = 8;

    private Path state;
    private Machine machine;
    private Failpoints failpoints;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        state = directory.resolve("machine");
        failpoints = Failpoints.in(directory);
        machine = Machine.start(
                MachineOptions.everything(Home.directory(), state)
                        .withServices(List.of("labeler"))
                        .withEnvironment("labeler", failpoints.environment()),
                status -> System.out.println(status.line()));
    }

    @AfterAll
    void stop() {
        machine.close();
    }

    @ParameterizedTest
    @EnumSource
    void aLabelerIsKilled(Step step) throws Exception {
        try (TinyTask task = taught("killed-" + step)) {
            ShardRiver river = new ShardRiver(task);
            failpoints.arm(step);
            river.add(SOME);
            await("a labeler is killed at step " + step).atMost(PATIENCE).until(failpoints::haveFired);
            assertEveryImageIsLabeledOnce(task, river);
        }
    }

    @Test
    void aLabelerJoinsAndLeavesUnderLoad(@TempDir Path directory) throws Exception {
        try (TinyTask task = taught("rebalance");
                Watcher watcher = new Watcher("rebalance", machine)) {
            ShardRiver river = new ShardRiver(task);
            river.flowDuring(() -> {
                try (Twins twin = Twins.start(List.of("labeler"), machine, directory)) {
                    awaitWorkers(2, watcher);
                    twin.leave();
                }
                awaitMoreLabels(watcher);
            });
            assertEveryImageIsLabeledOnce(task, river);
        }
    }

    @Test
    void oneOfThreeLabelersIsKilledUnderLoad(@TempDir Path first, @TempDir Path second) throws Exception {
        try (TinyTask task = taught("three");
                Watcher watcher = new Watcher("three", machine);
                Twins a = Twins.start(List.of("labeler"), machine, first);
                Twins b = Twins.start(List.of("labeler"), machine, second)) {
            ShardRiver river = new ShardRiver(task);
            river.flowDuring(() -> {
                awaitWorkers(3, watcher);
                machine.kill("labeler");
                awaitWorkers(4, watcher);
            });
            assertEveryImageIsLabeledOnce(task, river);
            assertThat(a.areAlive() && b.areAlive()).isTrue();
            a.leave();
            b.leave();
        }
    }

    @Test
    void theTeacherChangesUnderLoad() throws Exception {
        try (TinyTask task = taught("swap");
                Watcher watcher = new Watcher("swap", machine)) {
            ShardRiver river = new ShardRiver(task);
            AtomicReference<String> promoted = new AtomicReference<>();
            river.flowDuring(() -> {
                awaitMoreLabels(watcher);
                String next = task.promoteRandomTeacher(2);
                promoted.set(next);
                watcher.await("labels by the next teacher", PATIENCE, () -> watcher.softLabels().stream()
                        .anyMatch(labels -> labels.getTeacher().equals(next)));
            });
            Verification found = verify(task);
            assertThat(found.findings()).isEmpty();
            assertThat(found.teachers()).hasSize(2);
            assertThat(found.teachers())
                    .filteredOn(report -> report.teacher().equals(promoted.get()))
                    .singleElement()
                    .satisfies(next -> {
                        assertThat(next.labeled()).isEqualTo(river.shards());
                        assertThat(next.images()).isEqualTo(river.images());
                    });
        }
    }

    @Test
    void poisonCostsNothingButItself() throws Exception {
        byte[] good = BadShards.good();
        try (TinyTask task = taught("poison");
                Watcher watcher = new Watcher("poison", machine)) {
            ShardRiver river = new ShardRiver(task);
            river.add(1);
            task.add(BadShards.withUnusableImages(), 13, false);
            task.add(Arrays.copyOf(good, good.length * 2 / 3), 20, false);
            task.add(new byte[10240], 5, false);
            task.addWithoutBytes("gone with the wind".getBytes(StandardCharsets.UTF_8), 7);
            river.add(1);
            Verification found = verify(task);
            assertThat(found.findings()).isEmpty();
            assertThat(found.teachers()).singleElement().satisfies(report -> {
                assertThat(report.shards()).isEqualTo(6);
                assertThat(report.labeled()).isEqualTo(4);
                assertThat(report.failed()).isEqualTo(2);
                assertThat(report.leftOut())
                        .as("three that cannot be used, and one that is cut off")
                        .isEqualTo(4);
            });
            watcher.catchUp();
            assertThat(watcher.rejected()).hasSizeGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void theStoreRefusesForThirtySeconds() throws Exception {
        try (TinyTask task = taught("store-gone");
                Watcher watcher = new Watcher("store-gone", machine)) {
            ShardRiver river = new ShardRiver(task);
            river.add(3 * SOME);
            awaitMoreLabels(watcher);
            Outage.ofStore(machine, Duration.ofSeconds(30));
            river.add(SOME);
            assertEveryImageIsLabeledOnce(task, river);
        }
    }

    @Test
    void theBrokerRestarts() throws Exception {
        try (TinyTask task = taught("broker-restarts");
                Watcher watcher = new Watcher("broker-restarts", machine)) {
            ShardRiver river = new ShardRiver(task);
            river.add(3 * SOME);
            awaitMoreLabels(watcher);
            Outage.ofBroker(machine, Duration.ofSeconds(1));
            river.add(SOME);
            assertEveryImageIsLabeledOnce(task, river);
        }
    }

    @Test
    void theCommandSaysSo() throws Exception {
        try (TinyTask task = taught("command")) {
            new ShardRiver(task).add(1);
            assertThat(new CommandLine(new VerifyCommand())
                            .execute("soft-labels", "--task", "command", "--state", state.toString(), "--wait", "2m"))
                    .isZero();
        }
    }

    private TinyTask taught(String name) throws Exception {
        TinyTask task = new TinyTask(name, machine);
        task.declare();
        task.promoteRandomTeacher(1);
        return task;
    }

    private Verification verify(TinyTask task) throws Exception {
        Verification found = new SoftLabelVerifier(machine.kafka(), machine.artifactStore())
                .verify(Optional.of(task.name()), PATIENCE);
        assertThat(found.pending()).isZero();
        return found;
    }

    private void assertEveryImageIsLabeledOnce(TinyTask task, ShardRiver river) throws Exception {
        Verification found = verify(task);
        assertThat(found.findings()).isEmpty();
        assertThat(found.teachers()).singleElement().satisfies(report -> {
            assertThat(report.labeled()).isEqualTo(river.shards()).isEqualTo(report.shards());
            assertThat(report.images()).isEqualTo(river.images());
        });
    }

    /** Waits until as many labelers have labeled something. */
    private static void awaitWorkers(int number, Watcher watcher) {
        watcher.await(
                "labels by " + number + " labelers",
                PATIENCE,
                () -> watcher.runs(RunState.RUN_STATE_SUCCEEDED).stream()
                                .map(RunChanged::getWorker)
                                .distinct()
                                .count()
                        >= number);
    }

    private static void awaitMoreLabels(Watcher watcher) {
        watcher.catchUp();
        int before = watcher.softLabels().size();
        watcher.await("more labels", PATIENCE, () -> watcher.softLabels().size() > before);
    }
}
