package dev.tutelage.cli.backup;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tutelage.event.v1.RequestPlace;
import dev.tutelage.event.v1.RunOutcome;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.TopicIds;
import dev.tutelage.platform.run.StoredOutcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Stores a backup's objects. All stay as they are but outcomes: each names the place of the request that it was made for, by
 * Kafka's id of the topic, and topics and places are new. An outcome whose request the backup does not have, because it came
 * after the {@link Cut}, gets none: its facts are then said when somebody asks for the run.
 */
final class ObjectRestore {
    private final ArtifactStore store;
    private final BackupCheck backup;
    private final TopicRestore topics;
    private final TopicIds ids;
    private final Map<String, TopicRestore.Offsets> offsets = new HashMap<>();

    ObjectRestore(ArtifactStore store, BackupCheck backup, TopicRestore topics, TopicIds ids) {
        this.store = store;
        this.backup = backup;
        this.topics = topics;
        this.ids = ids;
    }

    void write() throws IOException, BackupException {
        ObjectList.read(list(), entry -> {
            if (isOutcome(entry)) {
                store.putNamed(entry.name(), outcome(entry));
            } else {
                store.putNamed(entry.name(), fileOf(entry));
            }
        });
    }

    /** Reads everything back. */
    void verify() throws IOException, BackupException {
        Path read = Files.createTempFile("tutelage-restore-", "");
        try {
            ObjectList.read(list(), entry -> {
                Digest expected = isOutcome(entry) ? Digest.of(outcome(entry)) : entry.digest();
                if (!store.fetchNamed(entry.name(), read).equals(expected)) {
                    throw new BackupException("Object " + entry.name() + " was stored, but comes back otherwise."
                            + " Check the store's disk, and restore once more into an empty system");
                }
            });
        } finally {
            Files.delete(read);
        }
    }

    private Path list() {
        return backup.folder().resolve(backup.manifest().objects().file());
    }

    private Path fileOf(ObjectList.Entry entry) {
        return backup.objects().file(entry.digest());
    }

    private static boolean isOutcome(ObjectList.Entry entry) {
        return StoredOutcomes.isOutcome(entry.name());
    }

    private byte[] outcome(ObjectList.Entry entry) throws IOException, BackupException {
        byte[] bytes = Files.readAllBytes(fileOf(entry));
        try {
            RunOutcome outcome = RunOutcome.parseFrom(bytes);
            if (!outcome.hasRequest()) {
                return bytes;
            }
            RunOutcome.Builder moved = outcome.toBuilder();
            now(outcome.getRequest()).ifPresentOrElse(moved::setRequest, moved::clearRequest);
            return moved.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            // It was damaged before; whoever reads it does the run again.
            return bytes;
        }
    }

    private Optional<RequestPlace> now(RequestPlace then) throws IOException, BackupException {
        if (!offsets.containsKey(then.getTopicId())) {
            offsets.put(then.getTopicId(), topics.offsetsOf(then.getTopicId()));
        }
        TopicRestore.Offsets moved = offsets.get(then.getTopicId());
        return moved.topic().flatMap(topic -> moved.now(then.getPartition(), then.getOffset())
                .map(offset -> then.toBuilder()
                        .setTopicId(ids.of(topic))
                        .setOffset(offset)
                        .build()));
    }
}
