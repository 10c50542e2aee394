package dev.tutelage.platform.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStoreException.Kind;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.fixture.UnreliableNetwork;
import dev.tutelage.platform.fixture.UnreliableNetwork.Fault;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreRetryTest {
    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final byte[] BYTES = "ride it out".repeat(100_000).getBytes(UTF_8);

    @TempDir
    Path folder;

    @Test
    void aStoreThatIsUnavailableForAMomentIsAskedAgain() throws IOException {
        try (UnreliableNetwork network =
                new UnreliableNetwork(S3.port(), List.of(Fault.UNAVAILABLE, Fault.UNAVAILABLE))) {
            Artifact artifact = storeBehind(network).put(BYTES, "letters");
            assertThat(S3.store().isStored(artifact)).isTrue();
            assertThat(network.connections()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAskedForAgain() throws IOException {
        Artifact artifact = S3.store().put(BYTES, "letters");
        try (UnreliableNetwork network = new UnreliableNetwork(S3.port(), List.of(Fault.CUT, Fault.CUT))) {
            Path target = folder.resolve("fetched");
            storeBehind(network).fetch(artifact, target);
            assertThat(target).hasBinaryContent(BYTES);
            assertThat(folder).isDirectoryNotContaining(file -> !file.equals(target));
            assertThat(network.connections()).isEqualTo(3);
        }
    }

    @Test
    void aStoreThatStaysUnavailableIsToldAfterTheLastAttempt() throws IOException {
        try (UnreliableNetwork network = new UnreliableNetwork(S3.port(), Collections.nCopies(3, Fault.UNAVAILABLE))) {
            ArtifactStore store = storeBehind(network);
            assertUnavailable(() -> store.readNamed("some/object"), "Cannot read object some/object", "failed 3 times");
            assertThat(network.connections()).isEqualTo(3);
        }
    }

    @Test
    void aStoreThatCannotBeReachedIsTold() throws IOException {
        int nobodyListens;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobodyListens = socket.getLocalPort();
        }
        ArtifactStore store = new ArtifactStore(S3.address(nobodyListens), LocalS3.IMPATIENT);
        assertUnavailable(
                () -> store.put(BYTES, "letters"),
                "http://127.0.0.1:" + nobodyListens + "/tutelage failed 3 times",
                "Check that the store is up, reachable from here and not out of space");
    }

    @Test
    void whoeverIsInterruptedStopsTryingAndStaysInterrupted() throws IOException {
        try (UnreliableNetwork network = new UnreliableNetwork(S3.port(), Collections.nCopies(9, Fault.UNAVAILABLE))) {
            ArtifactStore store = new ArtifactStore(
                    S3.address(network.port()), new Retry(9, Duration.ofMinutes(1), Duration.ofMinutes(1)));
            Thread.currentThread().interrupt();
            assertUnavailable(() -> store.readNamed("some/object"), "Cannot read object some/object");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void atLeastOneAttemptIsMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retry(0, Duration.ZERO, Duration.ZERO))
                .withMessage("attempts must be at least 1, not 0");
    }

    private static ArtifactStore storeBehind(UnreliableNetwork network) {
        return new ArtifactStore(S3.address(network.port()), LocalS3.IMPATIENT);
    }

    private static void assertUnavailable(ThrowingCallable request, String... messageParts) {
        assertThatExceptionOfType(ArtifactStoreException.class)
                .isThrownBy(request)
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(refusal).hasMessageContainingAll(messageParts);
                });
    }
}
