package dev.tutelage.cli.backup;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.TopicIds;
import dev.tutelage.platform.log.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * Restores a backup into an empty system in which no service runs: triggers would decide on half of the facts. Nothing is
 * written unless every byte of the backup is as it was.
 */
public final class Restore {
    private final Map<String, Object> kafka;
    private final ArtifactStore store;
    private final Consumer<String> progress;

    /**
     * @param kafka settings with which a Kafka client reaches the broker
     * @param progress is told what is being done
     */
    public Restore(Map<String, Object> kafka, ArtifactStore store, Consumer<String> progress) {
        this.kafka = kafka;
        this.store = store;
        this.progress = progress;
    }

    /**
     * Restores the newest backup of a directory.
     *
     * @throws BackupException if it is damaged, there is none, or the system is not empty
     */
    public void from(Path directory) throws IOException, BackupException, InterruptedException {
        progress.accept("Checking the backup in " + directory);
        BackupCheck backup = BackupCheck.of(directory);
        backup.requireIntact();
        ensureTopics();
        TopicRestore topics = new TopicRestore(kafka, backup);
        topics.requireEmpty();
        store.ensureBucket();
        ObjectRestore objects = new ObjectRestore(store, backup, topics, new TopicIds(kafka));
        progress.accept("Storing " + backup.manifest().objects().objects() + " objects");
        objects.write();
        progress.accept(
                "Writing the records of " + backup.manifest().partitions().size() + " partitions");
        topics.write();
        progress.accept("Reading everything back");
        objects.verify();
        topics.verify();
        topics.commitOffsets();
    }

    private void ensureTopics() throws InterruptedException {
        try {
            Topics.ensure(kafka);
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "The topics cannot be created: " + e.getCause().getMessage(), e.getCause());
        }
    }
}
