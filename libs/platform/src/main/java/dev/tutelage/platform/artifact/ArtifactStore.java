package dev.tutelage.platform.artifact;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStoreException.Kind;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Bytes in S3 under their SHA-256.
 *
 * <p>Whatever is read is verified against its name before anyone sees it. Objects of the content-addressed part never
 * change, so writing one twice, or by a worker that has long lost its request, does no harm. Beside them lie a few
 * objects with names of their own (a run's snapshots and outcome), which are written by {@link #putNamed}.
 */
public final class ArtifactStore {
    /** Larger objects are uploaded in parts of this many bytes, which also bounds the memory of an upload. */
    private static final long PART_SIZE = 8L << 20;

    private static final long SMALL = 1L << 20;

    /** What is stored again is written again if it is older: so it is young to housekeeping, which spares what is. */
    private static final Duration TRUSTED = Duration.ofMinutes(15);

    private static final Set<String> TRANSIENT = Set.of(
            "InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout", "OperationAborted", "BadDigest");

    private final StoreAddress address;
    private final MinioClient client;
    private final Retry retry;

    public ArtifactStore(StoreAddress address, Retry retry) {
        this.address = address;
        this.retry = retry;
        this.client = MinioClient.builder()
                .endpoint(address.endpoint().toString())
                .region(address.region())
                .credentials(address.accessKey(), address.secretKey())
                .build();
    }

    /** Creates the bucket where there is none. */
    public void ensureBucket() {
        attempt("create bucket " + address.bucket(), () -> {
            boolean exists = client.bucketExists(
                    BucketExistsArgs.builder().bucket(address.bucket()).build());
            if (!exists) {
                client.makeBucket(
                        MakeBucketArgs.builder().bucket(address.bucket()).build());
            }
            return exists;
        });
    }

    /**
     * Stores a file's bytes; when this returns they are durable.
     *
     * @param name what the bytes are, for people
     * @throws ArtifactStoreException if the file cannot be read or stored
     */
    public Artifact put(Path file, String name) {
        Digest digest = digestOf(file);
        long size = sizeOf(file);
        Artifact artifact = Artifact.newBuilder()
                .setDigest(digest.hex())
                .setSize(size)
                .setName(name)
                .build();
        // To look for a small one takes as long as to write it.
        if (size <= SMALL || !isStoredLately(artifact)) {
            putNamed(objectName(digest), file);
        }
        return artifact;
    }

    /** Stores bytes at hand, which should be few; see {@link #put(Path, String)}. */
    public Artifact put(byte[] bytes, String name) {
        Digest digest = Digest.of(bytes);
        Artifact artifact = Artifact.newBuilder()
                .setDigest(digest.hex())
                .setSize(bytes.length)
                .setName(name)
                .build();
        if (!isStoredLately(artifact)) {
            putNamed(objectName(digest), bytes);
        }
        return artifact;
    }

    /**
     * Fetches an artifact into a file, which appears only once its bytes are verified.
     *
     * @throws ArtifactStoreException of kind NOT_FOUND, or CORRUPT if the bytes are not those that the digest names
     */
    public void fetch(Artifact artifact, Path target) {
        Digest expected = new Digest(artifact.getDigest());
        String object = objectName(expected);
        attempt("read " + describe(artifact), () -> {
            Path partial = target.resolveSibling(target.getFileName() + ".partial");
            Digest actual = download(object, partial);
            if (!actual.equals(expected)) {
                Files.delete(partial);
                throw new ArtifactStoreException(
                        Kind.CORRUPT,
                        "Object " + object + " in " + address + " has SHA-256 " + actual
                                + " instead of the one in its name: it was damaged or overwritten. Restore it from a"
                                + " backup, or delete it and let the run that made it be done again");
            }
            return Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** Whether an artifact's bytes are there, with the right size. */
    public boolean isStored(Artifact artifact) {
        return look(objectName(new Digest(artifact.getDigest())))
                .filter(object -> object.size() == artifact.getSize())
                .isPresent();
    }

    /** As {@link #isStored}, and not so old that housekeeping may be about to remove them as what nobody names. */
    private boolean isStoredLately(Artifact artifact) {
        return look(objectName(new Digest(artifact.getDigest())))
                .filter(object -> object.size() == artifact.getSize())
                .filter(object -> object.modified().isAfter(Instant.now().minus(TRUSTED)))
                .isPresent();
    }

    /** An object's size and age, if it is there. */
    public Optional<StoredObject> look(String object) {
        return attempt("look for " + object, () -> {
            try {
                StatObjectResponse found = client.statObject(StatObjectArgs.builder()
                        .bucket(address.bucket())
                        .object(object)
                        .build());
                return Optional.of(new StoredObject(
                        object, found.size(), found.lastModified().toInstant()));
            } catch (ErrorResponseException e) {
                if (isNotFound(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** Stores a file under a name of its own, over what was there. */
    public void putNamed(String object, Path file) {
        attempt("write object " + object, () -> {
            try (InputStream bytes = Files.newInputStream(file)) {
                return upload(object, bytes, Files.size(file));
            }
        });
    }

    /** Stores a few bytes under a name of their own, over what was there. */
    public void putNamed(String object, byte[] bytes) {
        attempt("write object " + object, () -> upload(object, new ByteArrayInputStream(bytes), bytes.length));
    }

    /** Reads a small object with a name of its own, if there is one. */
    public Optional<byte[]> readNamed(String object) {
        return attempt("read object " + object, () -> {
            try (InputStream bytes = open(object)) {
                return Optional.of(bytes.readAllBytes());
            } catch (ErrorResponseException e) {
                if (isNotFound(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /**
     * Fetches an object with a name of its own into a file.
     *
     * @return the SHA-256 of what was read, for the caller to compare
     */
    public Digest fetchNamed(String object, Path target) {
        return attempt("read object " + object, () -> download(object, target));
    }

    /** Names of the objects that begin with {@code prefix}, in lexicographic order. */
    public List<String> list(String prefix) {
        List<String> names = new ArrayList<>();
        forEach(prefix, object -> names.add(object.name()));
        names.sort(null);
        return names;
    }

    /**
     * Lists objects one by one, however many there are; each is told once, in the order in which the store lists them. What
     * comes or goes meanwhile may be told or not.
     *
     * @param prefix with which their names begin
     */
    public void forEach(String prefix, Consumer<StoredObject> taker) {
        AtomicReference<String> last = new AtomicReference<>("");
        attempt("list objects " + prefix, () -> {
            ListObjectsArgs.Builder listing = ListObjectsArgs.builder()
                    .bucket(address.bucket())
                    .prefix(prefix)
                    .recursive(true);
            if (!last.get().isEmpty()) {
                // An earlier attempt has come as far as this.
                listing.startAfter(last.get());
            }
            for (Result<Item> result : client.listObjects(listing.build())) {
                Item item = result.get();
                last.set(item.objectName());
                taker.accept(new StoredObject(
                        item.objectName(), item.size(), item.lastModified().toInstant()));
            }
            return last.get();
        });
    }

    /** Removes an artifact's bytes, if they are there. Only housekeeping may: others may be about to name them. */
    public void remove(Digest digest) {
        removeNamed(objectName(digest));
    }

    /** Removes an object with a name of its own, if there is one. */
    public void removeNamed(String object) {
        attempt("remove object " + object, () -> {
            client.removeObject(RemoveObjectArgs.builder()
                    .bucket(address.bucket())
                    .object(object)
                    .build());
            return object;
        });
    }

    /** The name under which bytes with that digest lie. Two levels keep directories small on a file system. */
    public static String objectName(Digest digest) {
        return "sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex();
    }

    private Object upload(String object, InputStream bytes, long size) throws Exception {
        return client.putObject(
                PutObjectArgs.builder().bucket(address.bucket()).object(object).stream(bytes, size, PART_SIZE)
                        .build());
    }

    private InputStream open(String object) throws Exception {
        return client.getObject(
                GetObjectArgs.builder().bucket(address.bucket()).object(object).build());
    }

    private Digest download(String object, Path target) throws Exception {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream bytes = open(object);
                OutputStream file = new DigestOutputStream(Files.newOutputStream(target), sha256)) {
            bytes.transferTo(file);
        }
        return Digest.of(sha256);
    }

    private static Digest digestOf(Path file) {
        try {
            return Digest.of(file);
        } catch (IOException e) {
            throw new ArtifactStoreException(Kind.NOT_FOUND, "Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new ArtifactStoreException(Kind.NOT_FOUND, "Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private interface Request<T> {
        T send() throws Exception;
    }

    private <T> T attempt(String what, Request<T> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.send();
            } catch (ArtifactStoreException e) {
                throw e;
            } catch (InterruptedIOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw unavailable(what, attempt, e);
                }
                pauseOrGiveUp(what, attempt, e);
            } catch (Exception e) {
                if (e.getCause() instanceof InterruptedException) {
                    // The MinIO client wraps it and forgets that the thread was interrupted.
                    Thread.currentThread().interrupt();
                    throw unavailable(what, attempt, e);
                }
                refuse(what, e);
                pauseOrGiveUp(what, attempt, e);
            }
        }
    }

    private void pauseOrGiveUp(String what, int attempt, Exception cause) {
        if (attempt >= retry.attempts()) {
            throw unavailable(what, attempt, cause);
        }
        try {
            retry.pause(attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(what, attempt, cause);
        }
    }

    /** Throws where trying again cannot help. */
    private void refuse(String what, Exception e) {
        if (e instanceof ErrorResponseException response) {
            refuse(what, response);
        } else if (e instanceof FileSystemException file) {
            throw new ArtifactStoreException(
                    Kind.NO_SPACE,
                    "Cannot " + what + ": local file " + file.getFile() + ": "
                            + Optional.ofNullable(file.getReason()).orElse("cannot be read or written")
                            + ". Free some disk space or check the directory's permissions",
                    e);
        } else if (DiskSpace.isExhausted(e)) {
            throw new ArtifactStoreException(
                    Kind.NO_SPACE, "Cannot " + what + ": " + e.getMessage() + ". Free some disk space", e);
        } else if (!(e instanceof IOException
                || e instanceof MinioException
                || e instanceof GeneralSecurityException)) {
            throw new IllegalStateException("Cannot " + what + " in " + address, e);
        }
    }

    private void refuse(String what, ErrorResponseException e) {
        String code = e.errorResponse().code();
        int status = e.response() == null ? 0 : e.response().code();
        switch (code) {
            case "NoSuchBucket" ->
                throw new ArtifactStoreException(
                        Kind.NO_BUCKET,
                        "Cannot " + what + ": bucket '" + address.bucket() + "' does not exist at " + address.endpoint()
                                + ". Create it, or correct tutelage.s3.bucket",
                        e);
            case "NoSuchKey", "NotFound" ->
                throw new ArtifactStoreException(
                        Kind.NOT_FOUND, "Cannot " + what + ": there is no such object in " + address, e);
            case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden" ->
                throw new ArtifactStoreException(
                        Kind.ACCESS_DENIED,
                        "Cannot " + what + ": " + address.endpoint() + " refused the credentials (" + code
                                + "). Check tutelage.s3.access-key and tutelage.s3.secret-key",
                        e);
            default -> {
                if (status < 500 && status != 0 && !TRANSIENT.contains(code)) {
                    throw new ArtifactStoreException(
                            Kind.UNAVAILABLE,
                            "Cannot " + what + ": " + address + " answered " + status + " " + code + ", "
                                    + e.getMessage(),
                            e);
                }
            }
        }
    }

    private ArtifactStoreException unavailable(String what, int attempts, Exception cause) {
        return new ArtifactStoreException(
                Kind.UNAVAILABLE,
                "Cannot " + what + ": " + address + " failed " + attempts + " times, last with " + cause
                        + ". Check that the store is up, reachable from here and not out of space; its log may tell",
                cause);
    }

    private static boolean isNotFound(ErrorResponseException e) {
        String code = e.errorResponse().code();
        return code.equals("NoSuchKey") || code.equals("NotFound");
    }

    private static String describe(Artifact artifact) {
        return artifact.getName() + " (" + artifact.getDigest() + ")";
    }
}
