package dev.tutelage.gateway.upload;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Which uploads were accepted: of those with an idempotency key the newest so many, in the order of the log, so that all gateways
 * know and forget the same; of the others a few, which is enough to find one whose commit was not answered. Labels that people
 * gave count for themselves, so that no other uploads push them out.
 */
@ApplicationScoped
public class KnownUploads implements Fold {
    private static final TopicPartition LOG = new TopicPartition(Topic.UPLOADS.topicName(), 0);
    private static final int WITHOUT_KEY = 10_000;

    private final Newest<Key> byKey;
    private final Newest<Key> byHand;
    private final Newest<String> withoutKey = new Newest<>(WITHOUT_KEY);
    private long next;

    private record Key(String task, String key) {}

    private static final class Newest<K> extends LinkedHashMap<K, UploadAccepted> {
        private static final long serialVersionUID = 1L;

        private final int most;

        Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, UploadAccepted> eldest) {
            return size() > most;
        }
    }

    @Inject
    public KnownUploads(UploadSettings settings) {
        this(settings.rememberedKeys());
    }

    KnownUploads(int rememberedKeys) {
        this.byKey = new Newest<>(rememberedKeys);
        this.byHand = new Newest<>(rememberedKeys);
    }

    /** Takes note of a fact, unless it is one from before the newest that is known: two readers tell it. */
    @Override
    public synchronized void add(PlacedFact placed) {
        if (placed.fact().payload() instanceof UploadAccepted accepted
                && placed.place().offset() >= next) {
            next = placed.place().offset() + 1;
            if (accepted.getIdempotencyKey().isEmpty()) {
                withoutKey.put(accepted.getUpload(), accepted);
            } else {
                of(accepted.getIdempotencyKey())
                        .putIfAbsent(new Key(accepted.getTask(), accepted.getIdempotencyKey()), accepted);
            }
        }
    }

    /** What was accepted with that key. */
    public synchronized Optional<UploadAccepted> find(String task, String key) {
        return Optional.ofNullable(of(key).get(new Key(task, key)));
    }

    private Newest<Key> of(String key) {
        return HandLabels.isKey(key) ? byHand : byKey;
    }

    /** What was accepted of an upload: itself, or an earlier one with its key. */
    synchronized Optional<UploadAccepted> find(Upload upload) {
        return upload.key().isPresent()
                ? find(upload.target().task(), upload.key().get())
                : Optional.ofNullable(withoutKey.get(upload.id()));
    }

    /** Up to where the log is known. */
    synchronized Map<TopicPartition, Long> next() {
        return Map.of(LOG, next);
    }
}
