package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images byte for byte as shards have them, of the shards that were used last. One shard is fetched at a time. */
@ApplicationScoped
class Originals {
    private static final Logger LOG = LoggerFactory.getLogger(Originals.class);

    private final StoredFiles files;
    private final int most;
    /** By digest, in the order in which they were used, the last at the end. */
    private final Map<String, UnpackedShard> atHand = new LinkedHashMap<>();
    /** The same, for those who do not wait while a shard is fetched. */
    private final Map<String, UnpackedShard> known = new ConcurrentHashMap<>();

    Originals(StoredFiles files, QueueSettings settings) {
        this.files = files;
        this.most = settings.shardsAtHand();
    }

    /**
     * An image of a shard, if the shard has it.
     *
     * @throws UnseenException if the shard cannot be looked at
     */
    synchronized Optional<UnpackedShard.Original> find(Artifact shard, String image) throws UnseenException {
        Optional<UnpackedShard> before = Optional.ofNullable(atHand.remove(shard.getDigest()));
        UnpackedShard unpacked = before.isPresent()
                ? before.get()
                : files.read(shard, tar -> UnpackedShard.of(tar, tar.resolveSibling("images-" + UUID.randomUUID())));
        atHand.put(shard.getDigest(), unpacked);
        known.put(shard.getDigest(), unpacked);
        forgetOldest();
        try {
            return unpacked.find(image);
        } catch (IOException e) {
            throw new UnseenException("Images on the gateway's disk cannot be read: " + e.getMessage(), e);
        }
    }

    /** The key that an image has in its shard, if the shard is at hand. */
    Optional<String> keyAtHand(String shard, String image) {
        return Optional.ofNullable(known.get(shard)).flatMap(unpacked -> unpacked.key(image));
    }

    private void forgetOldest() {
        if (atHand.size() > most) {
            String oldest = atHand.keySet().iterator().next();
            known.remove(oldest);
            try {
                atHand.remove(oldest).close();
            } catch (IOException e) {
                LOG.info("The images of shard {} stay on the disk: {}", oldest, e.toString());
            }
        }
    }
}
