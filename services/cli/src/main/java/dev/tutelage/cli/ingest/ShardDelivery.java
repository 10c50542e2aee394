package dev.tutelage.cli.ingest;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.util.List;

/**
 * Stores a sealed shard and says it, once. Whatever was interrupted is repeated from the start: to store the same bytes
 * again changes nothing, and a shard that may have been said already is looked for before it is said.
 *
 * @param template the fact but for the shard
 * @param log whose transactional id is the journal's own, so that no killed ingest can still say anything
 */
record ShardDelivery(
        ShardAdded template, Journal journal, ArtifactStore store, FactLog log, SaidShards said, Listener listener) {
    private static final int ATTEMPTS = 5;

    /** Where a shard has got to. */
    enum Step {
        /** Its bytes are on the local disk, and nobody knows of it. */
        PACKED,
        /** The journal knows of it. */
        SEALED,
        /** It is in the store. */
        STORED,
        /** It is on the log. */
        SAID,
        /** The journal knows that. */
        DONE
    }

    /** Is told how shards get on, each step as soon as it is done. */
    @FunctionalInterface
    interface Listener {
        void reached(Step step, SealedShard shard);
    }

    /**
     * Brings a shard to its end.
     *
     * @param doubtful whether it may have been said already
     * @throws NotPublishedException if the log cannot be reached, which may pass
     */
    void deliver(SealedShard shard, boolean doubtful) throws IOException, NotPublishedException {
        Artifact stored = store.put(journal.shard(shard.number()), "shard.tar");
        if (!stored.getDigest().equals(shard.digest())) {
            throw new IOException(journal.shard(shard.number()) + " is not what was written there (its SHA-256 is "
                    + stored.getDigest() + ", not " + shard.digest() + "). Remove the folder " + journal.directory()
                    + ": the source is then ingested from its beginning, a second time");
        }
        listener.reached(Step.STORED, shard);
        say(template.toBuilder().setShard(stored).setImages(shard.images()).build(), doubtful);
        listener.reached(Step.SAID, shard);
        journal.done(shard);
        listener.reached(Step.DONE, shard);
    }

    private void say(ShardAdded fact, boolean doubtful) throws NotPublishedException {
        boolean doubt = doubtful;
        for (int attempt = 1; ; attempt++) {
            try {
                if (!(doubt && isSaid(fact))) {
                    log.publish(List.of(fact));
                }
                return;
            } catch (NotPublishedException e) {
                if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                doubt = true;
            }
        }
    }

    private boolean isSaid(ShardAdded fact) throws NotPublishedException {
        // First, or a transaction that is still open could end after the look.
        log.settle();
        return said.has(fact.getTask(), fact.getShard().getDigest());
    }
}
