package dev.tutelage.gateway.upload;

import dev.tutelage.control.ingest.PackingLimits;
import java.util.ArrayList;
import java.util.List;

/** The uploads that wait for the next shard of one target. Nanoseconds are those of any one clock. */
final class Lane {
    private final List<Upload> waiting = new ArrayList<>();
    private int images;
    private long bytes;
    private long opened;

    /**
     * Adds an upload.
     *
     * @return whether it is the first
     */
    synchronized boolean add(Upload upload, long now) {
        waiting.add(upload);
        images += upload.usable().size();
        bytes += upload.bytes();
        if (waiting.size() > 1) {
            return false;
        }
        opened = now;
        return true;
    }

    /** Nanoseconds until the shard has to be closed; 0 or less if it has, because it is full or its first image has waited. */
    synchronized long untilDue(long now) {
        if (waiting.isEmpty()) {
            return Long.MAX_VALUE;
        }
        PackingLimits limits = waiting.get(0).limits();
        if (images >= limits.images() || bytes >= limits.bytes()) {
            return 0;
        }
        return limits.linger().map(linger -> linger.toNanos() - (now - opened)).orElse(Long.MAX_VALUE);
    }

    /** All that wait, in their order; none waits then. */
    synchronized List<Upload> take() {
        List<Upload> taken = List.copyOf(waiting);
        waiting.clear();
        images = 0;
        bytes = 0;
        return taken;
    }
}
