package dev.tutelage.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.control.access.KeyHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeyTest {
    @TempDir
    private Path state;

    @Test
    void isMadeOnceAndEnteredBesideOtherKeys() throws Exception {
        KeyFile file = new KeyFile(state.resolve("keys"));
        file.create("camera-7", AccessRole.OPERATOR);

        GatewayKey first = GatewayKey.of(state);
        GatewayKey again = GatewayKey.of(state);

        assertThat(again).isEqualTo(first);
        assertThat(file.holders())
                .hasSize(2)
                .contains(new KeyHolder("local", AccessRole.ADMIN, first.key().digest()));
        assertThat(first.login(8080))
                .hasToString("http://127.0.0.1:8080/login#" + first.key().text());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("gateway-key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyThatWasRevokedOrReplacedIsEnteredAgain() throws Exception {
        GatewayKey key = GatewayKey.of(state);
        KeyFile file = new KeyFile(state.resolve("keys"));
        file.revoke("local");
        file.create("local", AccessRole.VIEWER);

        GatewayKey.of(state);

        assertThat(file.holders())
                .containsExactly(
                        new KeyHolder("local", AccessRole.ADMIN, key.key().digest()));
    }

    @Test
    void keysCanBeMadeBeforeAMachineIsStarted() throws Exception {
        Path fresh = state.resolve("fresh");
        new KeyFile(fresh.resolve("keys")).create("camera-7", AccessRole.OPERATOR);

        StateDirectory.open(fresh).close();
    }

    @Test
    void aFileOfKeysThatIsWrongIsToldAndNotOverwritten() throws Exception {
        Files.writeString(state.resolve("keys"), "nonsense\n");

        assertThatExceptionOfType(MachineException.class)
                .isThrownBy(() -> GatewayKey.of(state))
                .withMessageContaining("line 1");
        assertThat(state.resolve("keys")).hasContent("nonsense\n");
    }
}
