package dev.tutelage.platform.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStoreException.Kind;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
    @TempDir
    private Path directory;

    private LocalStore server;
    private ArtifactStore store;

    @BeforeEach
    void start() throws Exception {
        server = new LocalStore(Files.createDirectory(directory.resolve("s3")));
        store = server.client(LocalStore.BUCKET, "secret");
        store.ensureBucket();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void bytesComeBackUnderTheirDigest() throws Exception {
        Artifact artifact = store.put("hello".getBytes(UTF_8), "greeting");

        // `printf hello | sha256sum`
        assertThat(artifact.getDigest()).isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(artifact.getSize()).isEqualTo(5);
        Path target = directory.resolve("target");
        store.fetch(artifact, target);
        assertThat(target).hasContent("hello");
    }

    @Test
    void theSameBytesAreStoredOnce() {
        store.put("same".getBytes(UTF_8), "one");
        store.put("same".getBytes(UTF_8), "two");

        assertThat(store.list("sha256/")).hasSize(1);
    }

    @Test
    void largeFilesGoInPartsAndComeBackWhole() throws Exception {
        byte[] large = new byte[20 << 20];
        new Random(1).nextBytes(large);
        Path file = Files.write(directory.resolve("large"), large);

        Artifact artifact = store.put(file, "large");
        Path target = directory.resolve("target");
        store.fetch(artifact, target);

        assertThat(Files.mismatch(file, target)).isEqualTo(-1);
    }

    @Test
    void damagedBytesAreNeverSeen() {
        Artifact artifact = store.put("good".getBytes(UTF_8), "thing");
        store.putNamed(ArtifactStore.objectName(new Digest(artifact.getDigest())), "evil".getBytes(UTF_8));
        Path target = directory.resolve("target");

        fails(Kind.CORRUPT, artifact.getDigest(), () -> store.fetch(artifact, target));
        assertThat(target).doesNotExist();
    }

    @Test
    void whatIsMissingIsTold() {
        Artifact missing = Artifact.newBuilder()
                .setDigest("0".repeat(64))
                .setName("nothing")
                .build();

        fails(Kind.NOT_FOUND, "no such object", () -> store.fetch(missing, directory.resolve("target")));
        assertThat(store.readNamed("nothing")).isEmpty();
        assertThat(store.isStored(missing)).isFalse();
    }

    @Test
    void aMissingBucketIsTold() {
        fails(Kind.NO_BUCKET, "tutelage.s3.bucket", () -> server.client("elsewhere", "secret")
                .put("x".getBytes(UTF_8), "x"));
    }

    @Test
    void wrongCredentialsAreTold() {
        fails(Kind.ACCESS_DENIED, "tutelage.s3.secret-key", () -> server.client(LocalStore.BUCKET, "wrong")
                .put("x".getBytes(UTF_8), "x"));
    }

    @Test
    void anUnreachableStoreIsTriedAgainAndThenTold() {
        ArtifactStore unreachable = new ArtifactStore(
                new StoreAddress(URI.create("http://127.0.0.1:1"), "bucket", "us-east-1", "key", "secret"),
                new Retry(3, Duration.ofMillis(1), Duration.ofMillis(2)));

        fails(Kind.UNAVAILABLE, "failed 3 times", () -> unreachable.put("x".getBytes(UTF_8), "x"));
    }

    private static void fails(Kind kind, String told, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ArtifactStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(told);
    }
}
