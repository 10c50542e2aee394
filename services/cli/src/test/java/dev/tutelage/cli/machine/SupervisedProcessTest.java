package dev.tutelage.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.ProcessStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedProcessTest {
    private final Queue<ProcessStatus> told = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    @Test
    void letsTheProcessSaveItsWorkBeforeItEnds() throws Exception {
        SupervisedProcess child = started(careful());

        child.beginStop();
        child.awaitStop();

        assertThat(directory.resolve("saved")).hasContent("true");
        assertThat(told).extracting(ProcessStatus::state).containsExactly(State.STARTING, State.READY, State.STOPPED);
    }

    @Test
    void isDeafToCtrlCOfTheTerminal() throws Exception {
        SupervisedProcess child = started(careful());

        signal("INT", child.pid());
        signal("HUP", child.pid());

        // Longer than the child would take to leave.
        await().during(CarefulChild.SAVING.multipliedBy(3))
                .until(() -> states().equals(List.of(State.STARTING, State.READY)));
        child.beginStop();
        child.awaitStop();
    }

    @Test
    void startsTheProcessAgainWhenItDies() throws Exception {
        SupervisedProcess child = started(careful());
        long first = child.pid();

        child.kill();

        await().until(() ->
                states().equals(List.of(State.STARTING, State.READY, State.RESTARTING, State.STARTING, State.READY)));
        assertThat(child.pid()).isNotEqualTo(first);
        assertThat(told.stream().filter(status -> status.state() == State.RESTARTING))
                .singleElement()
                .satisfies(status -> assertThat(status.line()).contains("status 137", "child.log"));
        child.beginStop();
        child.awaitStop();
    }

    @Test
    void tellsWhyTheProcessDidNotStart() throws Exception {
        SupervisedProcess child =
                SupervisedProcess.start(spec(new JavaCommand("32m").jar(directory.resolve("missing.jar"))), told::add);

        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(child::awaitReady)
                .withMessageContaining("child ended with status 1 while starting")
                .withMessageContaining("Unable to access jarfile")
                .withMessageContaining("child.log");
    }

    private List<State> states() {
        return told.stream().map(ProcessStatus::state).toList();
    }

    private SupervisedProcess started(ProcessSpec spec) throws Exception {
        SupervisedProcess child = SupervisedProcess.start(spec, told::add);
        child.awaitReady();
        return child;
    }

    private ProcessSpec careful() {
        return spec(new JavaCommand("32m").main(LoneMachine.CLASS_PATH, CarefulChild.class, directory));
    }

    private ProcessSpec spec(List<String> command) {
        return new ProcessSpec(
                "child",
                0,
                command,
                Map.of(),
                directory.resolve("child.log"),
                this::isReady,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20));
    }

    /** Says so once for each life of the child. */
    private boolean isReady() {
        try {
            return Files.deleteIfExists(directory.resolve("ready"));
        } catch (IOException e) {
            return false;
        }
    }

    private static void signal(String name, long pid) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }
}
