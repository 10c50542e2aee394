package dev.tutelage.cli.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.ProcessStatus.State;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MachineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void goesOnFromTheStateOnDiskAndSurvivesACrashOfTheBroker() throws Exception {
        Path state = directory.resolve("state");
        TaskDeclared task =
                TaskDeclared.newBuilder().setTask("cats").addClasses("cat").build();
        Artifact object;
        try (Machine machine = Machine.start(LoneMachine.withoutServices(state), status -> {})) {
            object = machine.artifactStore().put("bytes".getBytes(UTF_8), "some bytes");
            publish(machine, task);
            try (MemorySampler memory = new MemorySampler(machine)) {
                await().until(() -> memory.peakBytes() > 0);
            }
        }
        try (Machine machine = Machine.start(LoneMachine.withoutServices(state), status -> {})) {
            assertThat(machine.artifactStore().isStored(object)).isTrue();
            assertThat(facts(machine)).containsExactly(task);

            List<Long> before = machine.pids();
            machine.kill("kafka");
            await().atMost(PATIENCE)
                    .until(() -> !machine.pids().equals(before)
                            && machine.statuses().stream().allMatch(status -> status.state() == State.READY));
            assertThat(facts(machine)).containsExactly(task);
        }
    }

    @Test
    void tellsWhichServiceCannotStartAndLeavesNothingRunning() throws Exception {
        Path jar = directory.resolve("services/broken/target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "no jar");
        Path state = directory.resolve("state");
        List<ProcessStatus> told = new ArrayList<>();
        MachineOptions options = new MachineOptions(
                directory,
                state,
                List.of("broken"),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Allocator.SYSTEM,
                LoneMachine.CLASS_PATH);

        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> Machine.start(options, told::add))
                .withMessageContaining("broken ended with status 1 while starting")
                .withMessageContaining("Invalid or corrupt jarfile")
                .withMessageContaining("broken.log");
        assertThat(told).allMatch(status -> !isAlive(status.pid()));
        StateDirectory.open(state).close();
    }

    @Test
    void leavesNoChildBehindWhenItIsKilled() throws Exception {
        Path state = directory.resolve("state");
        Process parent = loneMachine(state);
        List<Long> children = childrenOf(parent);
        assertThat(children).hasSize(2).allMatch(MachineTest::isAlive);

        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> StateDirectory.open(state))
                .withMessageContaining("pid " + parent.pid());
        parent.destroyForcibly().waitFor();

        await().atMost(PATIENCE).until(() -> children.stream().noneMatch(MachineTest::isAlive));
        StateDirectory.open(state).close();
    }

    @Test
    void leavesNoChildBehindWhenItIsAskedToEnd() throws Exception {
        Process parent = loneMachine(directory.resolve("state"));
        List<Long> children = childrenOf(parent);

        parent.toHandle().destroy();

        assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(children).noneMatch(MachineTest::isAlive);
    }

    private Process loneMachine(Path state) throws Exception {
        return new ProcessBuilder(new JavaCommand("128m").main(LoneMachine.CLASS_PATH, LoneMachine.class, state))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("machine.log").toFile())
                .start();
    }

    private List<Long> childrenOf(Process parent) throws Exception {
        Path pids = directory.resolve("pids");
        await().atMost(PATIENCE).until(() -> Files.exists(pids) || !parent.isAlive());
        return Files.readAllLines(pids).stream().map(Long::valueOf).toList();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    private static void publish(Machine machine, TaskDeclared task) throws Exception {
        try (FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "machine-test", Clock.systemUTC())) {
            log.publish(List.of(task));
        }
    }

    private static List<Object> facts(Machine machine) {
        List<Object> facts = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(Topic.TASKS))) {
            await().atMost(PATIENCE).until(() -> {
                reader.poll(Duration.ofMillis(200)).stream().map(Fact::payload).forEach(facts::add);
                return reader.isCaughtUp();
            });
        }
        return facts;
    }
}
