package dev.tutelage.cli.backup;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * Makes backups while the system runs: first a {@link Cut}, then what the topics hold up to it, then the objects that this
 * names.
 */
public final class Backup {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Map<String, Object> kafka;
    private final ArtifactStore store;
    private final Clock clock;

    /** @param kafka settings with which a Kafka client reaches the broker */
    public Backup(Map<String, Object> kafka, ArtifactStore store, Clock clock) {
        this.kafka = kafka;
        this.store = store;
        this.clock = clock;
    }

    /**
     * What was backed up.
     *
     * @param folder of the backup
     * @param records of all topics
     * @param objects of the store
     * @param bytes of these
     * @param copied objects of these that no earlier backup had copied
     * @param copiedBytes of these
     * @param missing artifacts that facts name and the store does not have, though nothing says that they have expired
     */
    public record Summary(
            Path folder, long records, long objects, long bytes, long copied, long copiedBytes, List<Digest> missing) {}

    /**
     * Makes a backup, in place of those that the directory has.
     *
     * @throws BackupException if the directory is in use or holds something else, or too much goes on here
     * @throws IOException if files cannot be read or written here
     */
    public Summary into(Path path) throws IOException, BackupException, InterruptedException {
        try (BackupDirectory directory = BackupDirectory.open(path)) {
            Instant now = clock.instant();
            Optional<Path> earlier = BackupDirectory.newest(path);
            Path partial = directory.begin(now);
            Needed needed = new Needed();
            TopicCopy topics = new TopicCopy(kafka, cut(), partial, needed);
            topics.run();
            ObjectCopy objects;
            BackupManifest manifest;
            try (ObjectList.Writer list = new ObjectList.Writer(partial)) {
                objects = new ObjectCopy(store, directory, needed, list);
                if (earlier.isPresent()) {
                    objects.know(earlier.get().resolve(ObjectList.FILE));
                }
                objects.run();
                manifest = new BackupManifest(
                        BackupManifest.FORMAT, now.toString(), topics.partitions(), topics.groups(), list.end());
            }
            manifest.write(partial);
            Path whole = directory.complete(partial);
            prune(directory, whole);
            return new Summary(
                    whole,
                    manifest.partitions().stream()
                            .mapToLong(BackupManifest.Partition::records)
                            .sum(),
                    manifest.objects().objects(),
                    manifest.objects().bytes(),
                    objects.copied(),
                    objects.bytes(),
                    needed.missing());
        }
    }

    private Cut cut() throws BackupException, InterruptedException {
        try (Admin admin = Admin.create(kafka)) {
            return Cut.find(admin, PATIENCE);
        }
    }

    private static void prune(BackupDirectory directory, Path backup) throws IOException, BackupException {
        DigestTable listed = new DigestTable();
        ObjectList.read(backup.resolve(ObjectList.FILE), entry -> listed.put(entry.digest(), 0));
        directory.objects().keepOnly(listed::contains);
    }
}
