package dev.tutelage.cli.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.network.StoreProxy.Mischief;
import dev.tutelage.cli.network.StoreProxy.Mood;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The artifact store's client and a real store, with mischief between them. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreProxyTest {
    private static final Retry EAGER = new Retry(20, Duration.ofMillis(1), Duration.ofMillis(5));
    private static final Retry ONCE = new Retry(1, Duration.ZERO, Duration.ZERO);

    private Machine machine;
    private StoreProxy proxy;

    @TempDir
    private Path directory;

    @BeforeAll
    void startMachine(@TempDir Path state) throws Exception {
        machine = Machine.start(LoneMachine.withoutServices(state.resolve("state")), status -> {});
    }

    @AfterAll
    void stopMachine() {
        machine.close();
    }

    @BeforeEach
    void start() throws Exception {
        proxy = new StoreProxy(0, machine.store().endpoint().getPort(), 1);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoTriesAgainGetsEverythingThrough(Mischief mischief) throws Exception {
        proxy.set(new Mood(mischief, 0.4, Duration.ofMillis(20)));
        ArtifactStore store = store(EAGER);
        for (int i = 0; i < 10; i++) {
            byte[] bytes = new byte[i * 50_000];
            new Random(i).nextBytes(bytes);
            Artifact artifact = store.put(bytes, "some bytes");
            Path file = directory.resolve("file");
            store.fetch(artifact, file);
            assertThat(file).hasBinaryContent(bytes);
            store.putNamed("named/" + mischief, bytes);
            assertThat(store.readNamed("named/" + mischief))
                    .hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes));
            assertThat(store.list("named/")).contains("named/" + mischief);
            assertThat(store.readNamed("nowhere")).isEqualTo(Optional.empty());
            Files.delete(file);
        }
        assertThat(proxy.harmed()).isGreaterThan(5);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SLOW")
    void whoTriesOnceIsTold(Mischief mischief) throws Exception {
        Artifact artifact = store(ONCE).put(new byte[100_000], "some bytes");
        proxy.set(new Mood(mischief, 1, Duration.ZERO));
        assertThatExceptionOfType(ArtifactStoreException.class)
                .isThrownBy(() -> store(ONCE).fetch(artifact, directory.resolve("file")));
        assertThat(directory.resolve("file")).doesNotExist();
    }

    @Test
    void aSlowAnswerIsLate() throws Exception {
        proxy.set(new Mood(Mischief.SLOW, 1, Duration.ofMillis(300)));
        long start = System.nanoTime();
        store(ONCE).putNamed("late", new byte[10]);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    private ArtifactStore store(Retry retry) {
        StoreAddress real = machine.store();
        return new ArtifactStore(
                new StoreAddress(
                        URI.create("http://127.0.0.1:" + proxy.port()),
                        real.bucket(),
                        real.region(),
                        real.accessKey(),
                        real.secretKey()),
                retry);
    }
}
