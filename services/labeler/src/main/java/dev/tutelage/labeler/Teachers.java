package dev.tutelage.labeler;

import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.label.BatchedTeacher;
import dev.tutelage.learning.label.Teacher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loaded teachers. A request names its teacher, so requests of an old and of a new one are labeled side by side, each
 * teacher's images in batches of their own; a new one is loaded while the old one goes on. Those that nobody holds make
 * room, the longest unused first.
 */
final class Teachers {
    private static final Logger LOG = LoggerFactory.getLogger(Teachers.class);

    private final Limits limits;
    private final ModelFiles files;
    private final BatchedTeacher.Observer observer;
    private final Map<String, Object> loading = new ConcurrentHashMap<>();
    private final Map<String, Loaded> loaded = new HashMap<>();
    private long uses;

    /**
     * @param memory bytes of model files that may be loaded together
     * @param threads that one batch is shared out to
     * @param largestBatch images
     * @param backlogBatch how long a batch of the backlog may take
     */
    record Limits(long memory, int threads, int largestBatch, Duration backlogBatch) {}

    private static final class Loaded {
        private final BatchedTeacher teacher;
        private final long size;
        private int holders;
        private long lastUse;

        Loaded(BatchedTeacher teacher, long size) {
            this.teacher = teacher;
            this.size = size;
        }
    }

    /** A teacher that stays loaded until this is closed. */
    record Held(BatchedTeacher teacher, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    Teachers(Limits limits, ModelFiles files, BatchedTeacher.Observer observer) {
        this.limits = limits;
        this.files = files;
        this.observer = observer;
    }

    /**
     * Holds the teacher with that checkpoint digest, having loaded it if need be. Only those who ask for the same one wait
     * meanwhile.
     */
    Held hold(String digest, ModelFiles.Source source) throws IOException {
        synchronized (loading.computeIfAbsent(digest, one -> new Object())) {
            Optional<Held> there = take(digest);
            if (there.isPresent()) {
                return there.get();
            }
            Loaded fresh = load(digest, source);
            synchronized (this) {
                loaded.put(digest, fresh);
                Held held = take(digest).orElseThrow();
                makeRoom();
                return held;
            }
        }
    }

    private synchronized Optional<Held> take(String digest) {
        return Optional.ofNullable(loaded.get(digest)).map(each -> {
            each.holders++;
            each.lastUse = ++uses;
            return new Held(each.teacher, () -> release(each));
        });
    }

    private synchronized void release(Loaded each) {
        each.holders--;
        makeRoom();
    }

    private Loaded load(String digest, ModelFiles.Source source) throws IOException {
        Path model = files.of(digest, source);
        long start = System.nanoTime();
        try {
            Teacher teacher = Teacher.ofCheckpoint(model, limits.threads());
            LOG.info("Teacher {} is loaded, {} ms after its model was local", digest, millisSince(start));
            return new Loaded(
                    new BatchedTeacher(teacher, limits.largestBatch(), limits.backlogBatch(), observer),
                    ModelFiles.size(model));
        } catch (CorruptFileException e) {
            // What was fetched was verified: either it was damaged here, which the next attempt mends, or it is no
            // teacher.
            files.forget(digest);
            throw e;
        }
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** The one used last stays. */
    private synchronized void makeRoom() {
        long size = loaded.values().stream().mapToLong(each -> each.size).sum();
        while (size > limits.memory()) {
            Optional<Map.Entry<String, Loaded>> longestUnused = loaded.entrySet().stream()
                    .filter(each -> each.getValue().holders == 0 && each.getValue().lastUse < uses)
                    .min(Comparator.comparingLong(each -> each.getValue().lastUse));
            if (longestUnused.isEmpty()) {
                return;
            }
            LOG.info("Unloading teacher {}", longestUnused.get().getKey());
            loaded.remove(longestUnused.get().getKey());
            size -= longestUnused.get().getValue().size;
            longestUnused.get().getValue().teacher.close();
        }
    }
}
