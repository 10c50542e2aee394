package dev.tutelage.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.control.access.KeyHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownKeysTest {
    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private Path path;
    private KeyFile file;
    private KnownKeys keys;

    @BeforeEach
    void open() {
        path = directory.resolve("keys");
        file = new KeyFile(path);
        keys = new KnownKeys(Optional.of(file), nanos::get);
    }

    private void aSecondPasses() {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    private Optional<String> name(AccessKey key) {
        return keys.holder(key).map(KeyHolder::name);
    }

    @Test
    void aKeyIsKnownByItsTextAloneASecondAfterItWasMadeUntilItIsRevoked() throws Exception {
        AccessKey first = file.create("first", AccessRole.VIEWER);
        assertThat(name(first)).contains("first");
        assertThat(name(new AccessKey(first.text() + "x"))).isEmpty();
        assertThat(name(new AccessKey(first.digest()))).isEmpty();

        AccessKey second = file.create("second", AccessRole.ADMIN);
        assertThat(name(second)).isEmpty();
        aSecondPasses();
        assertThat(name(second)).contains("second");

        file.revoke("first");
        aSecondPasses();
        assertThat(name(first)).isEmpty();
        assertThat(name(second)).contains("second");
    }

    @Test
    void aFileThatBecomesWrongChangesNothingAndOneThatIsRemovedLeavesNobody() throws Exception {
        AccessKey key = file.create("first", AccessRole.VIEWER);
        assertThat(name(key)).contains("first");

        Files.writeString(path, "nonsense\n");
        aSecondPasses();
        assertThat(name(key)).contains("first");

        Files.delete(path);
        aSecondPasses();
        assertThat(name(key)).isEmpty();
    }

    @Test
    void withoutAFileNobodyHasAKey() {
        assertThat(new KnownKeys(Optional.empty(), nanos::get).holder(AccessKey.random()))
                .isEmpty();
    }
}
