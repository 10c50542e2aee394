package dev.tutelage.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

    @TempDir
    private Path directory;

    private StateDirectory state;

    @BeforeEach
    void openState() throws Exception {
        state = StateDirectory.open(directory);
    }

    @AfterEach
    void closeState() throws Exception {
        state.close();
    }

    @Test
    void choosesTheSameAsLastTime() throws Exception {
        int first = Ports.of(state).choose("kafka", OptionalInt.empty());

        assertThat(Ports.of(state).choose("kafka", OptionalInt.empty())).isEqualTo(first);
    }

    @Test
    void choosesAnotherWhereTheLastOneIsTaken() throws Exception {
        int first = Ports.of(state).choose("kafka", OptionalInt.empty());

        try (ServerSocket taken = listen(first)) {
            assertThat(Ports.of(state).choose("kafka", OptionalInt.empty())).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void tellsThatThePortAskedForIsTaken() throws Exception {
        try (ServerSocket taken = listen(0)) {
            int port = taken.getLocalPort();

            assertThatExceptionOfType(MachineException.class)
                    .isThrownBy(() -> Ports.of(state).choose("kafka", OptionalInt.of(port)))
                    .withMessageContaining("Port " + port + " for kafka is taken");
        }
    }

    @Test
    void tellsWhichPortsThereAre() {
        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> Ports.of(state).choose("gateway", OptionalInt.of(70_000)))
                .withMessageContaining("There is no port 70000 for gateway. Name one from 1 to 65535");
    }

    private static ServerSocket listen(int port) throws Exception {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
