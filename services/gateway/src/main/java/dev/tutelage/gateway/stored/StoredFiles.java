package dev.tutelage.gateway.stored;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import dev.tutelage.platform.service.ServiceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Looks into objects of the store for people who wait: it soon gives up, and fetches nothing that is too large. */
@ApplicationScoped
public class StoredFiles {
    private static final Retry IMPATIENT = new Retry(2, Duration.ofMillis(100), Duration.ofMillis(500));

    private final ArtifactStore store;
    private final Path directory;
    private final long largest;

    public StoredFiles(ServiceSettings settings, StoredSettings stored) {
        ServiceSettings.S3 s3 = settings.s3();
        this.store = new ArtifactStore(
                new StoreAddress(s3.endpoint(), s3.bucket(), s3.region(), s3.accessKey(), s3.secretKey()), IMPATIENT);
        this.directory = settings.workDir().resolve("console");
        this.largest = stored.largestObject();
    }

    /** Something that is made of a file, which is gone after that. */
    public interface Reading<T> {
        T of(Path file) throws IOException;
    }

    /**
     * Fetches an object, and reads it.
     *
     * @throws UnseenException if it is too large, not there or not readable; the message is for people
     */
    public <T> T read(Artifact artifact, Reading<T> reading) throws UnseenException {
        if (artifact.getSize() > largest) {
            throw new UnseenException("It has " + artifact.getSize() + " bytes; the gateway looks into no more than "
                    + largest + " (tutelage.console.largest-object).");
        }
        try {
            Files.createDirectories(directory);
            Path home = Files.createTempDirectory(directory, "look-");
            Path file = home.resolve("object");
            try {
                store.fetch(artifact, file);
                return reading.of(file);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(home);
            }
        } catch (ArtifactStoreException e) {
            throw new UnseenException(
                    e.getMessage() + " Housekeeping may have removed it, as the task's retention says.", e);
        } catch (IOException e) {
            throw new UnseenException("It cannot be read: " + e.getMessage(), e);
        }
    }
}
