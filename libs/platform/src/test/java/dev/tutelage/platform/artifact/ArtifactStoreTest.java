package dev.tutelage.platform.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStoreException.Kind;
import dev.tutelage.platform.fixture.LocalS3;
import io.minio.MinioClient;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final Digest ABC = new Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private final ArtifactStore store = S3.store();

    @Test
    void bytesComeBackUnderTheirDigest() throws IOException {
        Artifact artifact = store.put("abc".getBytes(UTF_8), "letters");
        assertThat(artifact)
                .isEqualTo(Artifact.newBuilder()
                        .setDigest(ABC.hex())
                        .setSize(3)
                        .setName("letters")
                        .build());
        Path target = folder.resolve("abc");
        store.fetch(artifact, target);
        assertThat(target).hasContent("abc");
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(target));
    }

    @Test
    void whatWasAtTheTargetIsReplaced() throws IOException {
        Path target = Files.writeString(folder.resolve("abc"), "something longer");
        store.fetch(store.put("abc".getBytes(UTF_8), "letters"), target);
        assertThat(target).hasContent("abc");
    }

    @Test
    void nothingIsAnArtifactToo() throws IOException {
        Artifact empty = store.put(Files.createFile(folder.resolve("empty")), "nothing");
        store.fetch(empty, folder.resolve("fetched"));
        assertThat(folder.resolve("fetched")).isEmptyFile();
    }

    @Test
    void theSameBytesAreStoredOnceWhateverTheyAreCalled() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "stored once");
        Artifact first = store.put(file, "one");
        StatObjectResponse stored = stat(first);
        Artifact second = store.put("stored once".getBytes(UTF_8), "two");
        assertThat(second.getDigest()).isEqualTo(first.getDigest());
        assertThat(second.getName()).isEqualTo("two");
        assertThat(store.list("sha256/" + first.getDigest().substring(0, 2) + "/" + first.getDigest()))
                .hasSize(1);
        assertThat(stat(second).lastModified()).isEqualTo(stored.lastModified());
    }

    @Test
    void aLargeFileIsStoredInPartsThatFitInMemory() throws IOException {
        Path file = randomFile(20 * MIB);
        Artifact artifact = store.put(file, "weights");
        assertThat(S3.partSizes()).containsExactly(8L * MIB, 8L * MIB, 4L * MIB);
        assertThat(artifact.getSize()).isEqualTo(20 * MIB);
        Path fetched = folder.resolve("fetched");
        store.fetch(artifact, fetched);
        assertThat(Files.mismatch(file, fetched)).isEqualTo(-1);
    }

    @Test
    void damagedBytesAreToldAndNotHandedOut() {
        Artifact artifact = store.put("precious".getBytes(UTF_8), "letters");
        String object = ArtifactStore.objectName(new Digest(artifact.getDigest()));
        store.putNamed(object, "prec1ous".getBytes(UTF_8));
        Path target = folder.resolve("precious");
        assertRefused(Kind.CORRUPT, () -> store.fetch(artifact, target), object, "Restore it from a backup");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTornObjectIsReplacedByTheNextPut() {
        byte[] bytes = "a torn object".getBytes(UTF_8);
        Artifact artifact = store.put(bytes, "letters");
        store.putNamed(ArtifactStore.objectName(new Digest(artifact.getDigest())), "a torn".getBytes(UTF_8));
        assertThat(store.isStored(artifact)).isFalse();
        store.put(bytes, "letters");
        store.fetch(artifact, folder.resolve("fetched"));
        assertThat(folder.resolve("fetched")).hasContent("a torn object");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Artifact missing = Artifact.newBuilder()
                .setDigest("0".repeat(64))
                .setSize(1)
                .setName("missing.tar")
                .build();
        assertThat(store.isStored(missing)).isFalse();
        assertRefused(
                Kind.NOT_FOUND, () -> store.fetch(missing, folder.resolve("missing")), "missing.tar", "no such object");
        assertThat(folder).isEmptyDirectory();
        assertThat(store.readNamed("runs/none/outcome")).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsNotFound() {
        assertRefused(Kind.NOT_FOUND, () -> store.put(folder.resolve("none.tar"), "shard"), "none.tar");
    }

    @Test
    void aMissingBucketIsTold() {
        StoreAddress address = S3.address();
        ArtifactStore elsewhere = new ArtifactStore(
                new StoreAddress(
                        address.endpoint(), "nowhere", address.region(), address.accessKey(), address.secretKey()),
                LocalS3.IMPATIENT);
        String[] advice = {"bucket 'nowhere' does not exist", "Create it, or correct tutelage.s3.bucket"};
        assertRefused(Kind.NO_BUCKET, () -> elsewhere.put("abc".getBytes(UTF_8), "letters"), advice);
        assertRefused(Kind.NO_BUCKET, () -> elsewhere.readNamed("runs/none/outcome"), advice);
        assertRefused(Kind.NO_BUCKET, () -> elsewhere.list("runs/"), advice);
    }

    @Test
    void aBucketIsMadeOnce() {
        StoreAddress address = S3.address();
        ArtifactStore fresh = new ArtifactStore(
                new StoreAddress(
                        address.endpoint(), "fresh", address.region(), address.accessKey(), address.secretKey()),
                LocalS3.IMPATIENT);
        fresh.ensureBucket();
        fresh.ensureBucket();
        assertThat(fresh.list("")).isEmpty();
    }

    @Test
    void wrongCredentialsAreTold() {
        StoreAddress address = S3.address();
        ArtifactStore wrongSecret = new ArtifactStore(
                new StoreAddress(
                        address.endpoint(), address.bucket(), address.region(), address.accessKey(), "mistaken"),
                LocalS3.IMPATIENT);
        ArtifactStore wrongKey = new ArtifactStore(
                new StoreAddress(address.endpoint(), address.bucket(), address.region(), "nobody", address.secretKey()),
                LocalS3.IMPATIENT);
        String advice = "Check tutelage.s3.access-key and tutelage.s3.secret-key";
        assertRefused(Kind.ACCESS_DENIED, () -> wrongSecret.put("abc".getBytes(UTF_8), "letters"), advice);
        assertRefused(Kind.ACCESS_DENIED, () -> wrongSecret.readNamed("runs/none/outcome"), advice);
        assertRefused(Kind.ACCESS_DENIED, () -> wrongKey.list("runs/"), advice);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsTold() throws IOException {
        Artifact artifact = store.put("abc".getBytes(UTF_8), "letters");
        // Whatever is written to this device finds no space.
        Files.createSymbolicLink(folder.resolve("abc.partial"), Path.of("/dev/full"));
        assertRefused(
                Kind.NO_SPACE,
                () -> store.fetch(artifact, folder.resolve("abc")),
                "No space left",
                "Free some disk space");
        assertThat(folder.resolve("abc")).doesNotExist();
    }

    @Test
    void aDirectoryThatIsNotThereIsTold() {
        Artifact artifact = store.put("abc".getBytes(UTF_8), "letters");
        Path target = folder.resolve("none").resolve("abc");
        assertRefused(Kind.NO_SPACE, () -> store.fetch(artifact, target), target.toString(), "check the directory");
    }

    @Test
    void namedObjectsAreOverwrittenListedAndRemoved() throws IOException {
        store.putNamed("notes/b", "first".getBytes(UTF_8));
        store.putNamed("notes/b", "second".getBytes(UTF_8));
        store.putNamed("notes/a/deep", Files.writeString(folder.resolve("file"), "abc"));
        store.putNamed("notes-of-others", new byte[0]);
        assertThat(store.list("notes/")).containsExactly("notes/a/deep", "notes/b");
        assertThat(store.readNamed("notes/b")).contains("second".getBytes(UTF_8));
        assertThat(store.fetchNamed("notes/a/deep", folder.resolve("fetched"))).isEqualTo(ABC);
        store.removeNamed("notes/b");
        store.removeNamed("notes/b");
        assertThat(store.list("notes/")).containsExactly("notes/a/deep");
    }

    private Path randomFile(int size) throws IOException {
        Path file = folder.resolve("random");
        Random random = new Random(1);
        byte[] block = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int written = 0; written < size; written += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    private static StatObjectResponse stat(Artifact artifact) throws Exception {
        StoreAddress address = S3.address();
        MinioClient client = MinioClient.builder()
                .endpoint(address.endpoint().toString())
                .region(address.region())
                .credentials(address.accessKey(), address.secretKey())
                .build();
        return client.statObject(StatObjectArgs.builder()
                .bucket(address.bucket())
                .object(ArtifactStore.objectName(new Digest(artifact.getDigest())))
                .build());
    }

    private static void assertRefused(Kind kind, ThrowingCallable request, String... messageParts) {
        assertThatExceptionOfType(ArtifactStoreException.class)
                .isThrownBy(request)
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(kind);
                    assertThat(refusal).hasMessageContainingAll(messageParts);
                });
    }
}
