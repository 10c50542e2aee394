package dev.tutelage.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void tellsWhoUsesIt() throws Exception {
        try (StateDirectory held = StateDirectory.open(directory.resolve("state"))) {
            assertThatExceptionOfType(MachineException.class)
                    .isThrownBy(() -> StateDirectory.open(held.path()))
                    .withMessageContaining("is in use by another tutelage")
                    .withMessageContaining("pid " + ProcessHandle.current().pid());
        }
    }

    @Test
    void isFreeAgainWhenClosed() throws Exception {
        StateDirectory.open(directory).close();
        try (StateDirectory again = StateDirectory.open(directory)) {
            assertThat(again.log("kafka").getParent()).isDirectory();
        }
    }

    @Test
    void refusesWhatAnotherVersionWrote() throws Exception {
        Files.writeString(directory.resolve("version"), "0");

        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> StateDirectory.open(directory))
                .withMessageContaining("written by another version")
                .withMessageContaining("--state");
    }

    @Test
    void refusesADirectoryWithOtherFilesAndLeavesItAlone() throws Exception {
        Files.writeString(directory.resolve("thesis.tex"), "Years of work");

        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> StateDirectory.open(directory))
                .withMessageContaining("holds other files");
        assertThat(directory).isDirectoryContaining(file -> file.endsWith("thesis.tex"));
        assertThat(directory.toFile().list()).hasSize(1);
    }
}
