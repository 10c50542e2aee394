package dev.tutelage.cli.ingest;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Brings images in: packs them into shards, stores each, and says so. Each shard is durable before it is said. */
public final class ShardStream {
    private final String task;
    private final ArtifactStore store;
    private final FactLog log;

    public ShardStream(String task, ArtifactStore store, FactLog log) {
        this.task = task;
        this.store = store;
        this.log = log;
    }

    /** Adds images as one shard; labeled if the images are. */
    public void add(ImageSet images, Split split) throws IOException, NotPublishedException {
        Path file = Files.createTempFile("shard-", ".tar");
        try {
            try (ShardWriter writer = new ShardWriter(Files.newOutputStream(file))) {
                writer.addAll(images);
            }
            log.publish(List.of(ShardAdded.newBuilder()
                    .setTask(task)
                    .setShard(store.put(file, "shard.tar"))
                    .setImages(images.size())
                    .setLabeled(images.labeled())
                    .setSplit(split)
                    .build()));
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Adds images as shards of {@code shardSize}, at a steady rate.
     *
     * @param imagesPerSecond more than 0
     */
    public void stream(ImageSet images, Split split, int shardSize, double imagesPerSecond)
            throws IOException, NotPublishedException {
        long start = System.nanoTime();
        for (int from = 0; from < images.size(); from += shardSize) {
            int to = Math.min(images.size(), from + shardSize);
            long due = start + (long) (to / imagesPerSecond * TimeUnit.SECONDS.toNanos(1));
            LockSupport.parkNanos(due - System.nanoTime());
            add(images.subset(IntStream.range(from, to).toArray()), split);
        }
    }
}
