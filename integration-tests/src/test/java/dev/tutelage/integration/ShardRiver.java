package dev.tutelage.integration;

import dev.tutelage.learning.data.ImageSet;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Small unlabeled shards that are added to a task, a number at once or one after the other. */
final class ShardRiver {
    private static final int IMAGES = 16;
    private static final long PAUSE_MILLIS = 100;

    private final TinyTask task;
    private final ImageSet images;
    private int shards;

    ShardRiver(TinyTask task) throws IOException {
        this.task = task;
        this.images = TinyTask.train().withoutLabels();
    }

    /** Something that is done while shards come. */
    interface Meanwhile {
        void run() throws Exception;
    }

    /** Adds that many at once. */
    void add(int number) throws Exception {
        for (int i = 0; i < number; i++) {
            int from = shards++ * IMAGES;
            task.addShard(images.subset(IntStream.range(from, from + IMAGES).toArray()));
        }
    }

    /** Adds shards for as long as something takes. */
    void flowDuring(Meanwhile meanwhile) throws Exception {
        Semaphore end = new Semaphore(0);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> flow = thread.submit(() -> {
                do {
                    add(1);
                } while (!end.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
                return shards;
            });
            try {
                meanwhile.run();
            } finally {
                end.release();
            }
            flow.get();
        } catch (ExecutionException e) {
            throw new AssertionError("Shards could not be added", e.getCause());
        } finally {
            thread.shutdownNow();
        }
    }

    /** How many shards were added. */
    int shards() {
        return shards;
    }

    /** How many images are in them. */
    int images() {
        return shards * IMAGES;
    }
}
