package dev.tutelage.learning.label;

import dev.tutelage.learning.evaluate.FeatureDistance;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loaded teachers. A request names its teacher, so requests of an old and of a new one are labeled side by side, each
 * teacher's images in batches of their own; a new one is loaded while the old one goes on. Those that nobody holds make
 * room, the longest unused first.
 */
public final class LoadedTeachers {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedTeachers.class);

    private final Limits limits;
    private final ModelFiles files;
    private final Beside beside;
    private final Function<Manifest, BatchedTeacher.Observer> observers;
    private final Map<String, Object> loading = new ConcurrentHashMap<>();
    private final Map<String, Loaded> loaded = new HashMap<>();
    private long uses;

    /**
     * What they may take.
     *
     * @param memory bytes of model files that may be loaded together
     * @param threads that one batch is shared out to
     * @param largestBatch images
     * @param backlogBatch how long a batch of the backlog may take
     * @param linger how long an image waits for others at most, where there are fewer than the largest batch
     */
    public record Limits(long memory, int threads, int largestBatch, Duration backlogBatch, Duration linger) {}

    /** What of a checkpoint is wanted beside its model. */
    public enum Beside {
        NOTHING,
        /** What it was trained on, to compare images with. */
        REFERENCE
    }

    private static final class Loaded {
        private final BatchedTeacher teacher;
        private final Manifest manifest;
        private final Optional<FeatureDistance> known;
        private final long size;
        private int holders;
        private long lastUse;

        Loaded(BatchedTeacher teacher, Manifest manifest, Optional<FeatureDistance> known, long size) {
            this.teacher = teacher;
            this.manifest = manifest;
            this.known = known;
            this.size = size;
        }
    }

    /**
     * A teacher that stays loaded until this is closed.
     *
     * @param manifest of its checkpoint
     * @param known compares with what it was trained on, if its checkpoint tells and that is wanted
     */
    public record Held(BatchedTeacher teacher, Manifest manifest, Optional<FeatureDistance> known, Runnable release)
            implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    /**
     * None is loaded yet.
     *
     * @param files where models are kept on the disk
     * @param observers of the batches of each teacher, by its manifest
     */
    public LoadedTeachers(
            Limits limits, ModelFiles files, Beside beside, Function<Manifest, BatchedTeacher.Observer> observers) {
        this.limits = limits;
        this.files = files;
        this.beside = beside;
        this.observers = observers;
    }

    /**
     * Holds the teacher with that checkpoint digest, having loaded it if need be. Only those who ask for the same one wait
     * meanwhile.
     */
    public Held hold(String digest, ModelFiles.Source source) throws IOException {
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
            return new Held(each.teacher, each.manifest, each.known, () -> release(each));
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
            Manifest manifest = Checkpoint.readManifest(model, Set.of());
            Optional<FeatureDistance> known = known(model);
            Teacher teacher = Teacher.ofCheckpoint(model, limits.threads());
            LOG.info("Teacher {} is loaded, {} ms after its model was local", digest, millisSince(start));
            return new Loaded(
                    new BatchedTeacher(
                            teacher,
                            limits.largestBatch(),
                            limits.backlogBatch(),
                            limits.linger(),
                            observers.apply(manifest)),
                    manifest,
                    known,
                    ModelFiles.size(model));
        } catch (CorruptFileException e) {
            // What was fetched was verified: either it was damaged here, which the next attempt mends, or it is no
            // teacher.
            files.forget(digest);
            throw e;
        }
    }

    private Optional<FeatureDistance> known(Path model) throws IOException {
        return beside == Beside.NOTHING
                ? Optional.empty()
                : Checkpoint.readReference(model)
                        .map(reference -> new FeatureDistance(reference.features(), reference.width()));
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** How many are loaded. */
    public synchronized int count() {
        return loaded.size();
    }

    /** Bytes of the files of those that are loaded. */
    public synchronized long size() {
        return loaded.values().stream().mapToLong(each -> each.size).sum();
    }

    /** The one used last stays. */
    private synchronized void makeRoom() {
        long size = size();
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
