package dev.tutelage.cli.bench;

import dev.tutelage.cli.ingest.CheckpointUpload;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Gives a running labeler something to do, and sees when it is done. */
final class LabelerLoad implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final TaskDeclared task;
    private final ArtifactStore store;
    private final FactLog log;
    private final FactReader labels;
    /** When the labels of each shard by each teacher were first seen, by {@link System#nanoTime}. */
    private final Map<Labeled, Long> seen = new HashMap<>();

    private String teacher = "";

    private record Labeled(String shard, String teacher) {}

    LabelerLoad(Machine machine, TaskDeclared task) throws NotPublishedException {
        this.task = task;
        this.store = machine.artifactStore();
        this.log = new FactLog(machine.kafka(), "/tutelage/bench", "bench-" + UUID.randomUUID(), Clock.systemUTC());
        this.labels = new FactReader(machine.kafka(), List.of(Topic.SOFT_LABELS));
        log.publish(List.of(task));
    }

    /** Makes a checkpoint the teacher. */
    void promote(Path checkpoint) throws IOException, NotPublishedException {
        String digest = new CheckpointUpload(store, log).add(checkpoint).getDigest();
        log.publish(List.of(Promoted.newBuilder()
                .setTask(task.getTask())
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(digest)
                .setPrevious(teacher)
                .build()));
        teacher = digest;
    }

    /** Makes a checkpoint the student. */
    void promoteStudent(Path checkpoint) throws IOException, NotPublishedException {
        log.publish(List.of(Promoted.newBuilder()
                .setTask(task.getTask())
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(new CheckpointUpload(store, log).add(checkpoint).getDigest())
                .build()));
    }

    /** The bytes of a shard. */
    static byte[] tar(ImageSet images) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            writer.addAll(images);
        }
        return bytes.toByteArray();
    }

    /** Stores a shard that is to be announced later. */
    ShardAdded store(byte[] tar, int images) {
        return ShardAdded.newBuilder()
                .setTask(task.getTask())
                .setShard(store.put(tar, "shard.tar"))
                .setImages(images)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
    }

    /** Fetches a stored shard into a directory. */
    Path copy(Artifact shard, Path directory) {
        Path file = directory.resolve(shard.getDigest() + ".tar");
        store.fetch(shard, file);
        return file;
    }

    /** Announces shards at once and waits until they are labeled; seconds. */
    double secondsFor(List<ShardAdded> shards) throws NotPublishedException {
        long start = System.nanoTime();
        log.publish(shards);
        await(shards);
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * Announces shards one by one at a steady rate; milliseconds until each is labeled.
     *
     * @param shards that are stored before each is due
     * @param goOn asked before each shard
     */
    List<Double> latencies(Iterator<ShardAdded> shards, double shardsPerSecond, BooleanSupplier goOn)
            throws NotPublishedException {
        List<ShardAdded> announced = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        long start = System.nanoTime();
        while (shards.hasNext() && goOn.getAsBoolean()) {
            ShardAdded shard = shards.next();
            pause(start + (long) (times.size() / shardsPerSecond * TimeUnit.SECONDS.toNanos(1)));
            times.add(System.nanoTime());
            log.publish(List.of(shard));
            announced.add(shard);
        }
        await(announced);
        return IntStream.range(0, announced.size())
                .mapToObj(i -> (seen.get(labeled(announced.get(i))) - times.get(i)) / 1e6)
                .toList();
    }

    /** Waits for a moment, watching meanwhile. */
    private void pause(long until) {
        while (System.nanoTime() < until) {
            watch();
            LockSupport.parkNanos(Math.min(until - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1)));
        }
    }

    /** Whether the teacher of the day has labeled all of these. */
    boolean hasLabeled(List<ShardAdded> shards) {
        watch();
        return shards.stream().allMatch(shard -> seen.containsKey(labeled(shard)));
    }

    /** When the teacher of the day had labeled its first shard, by {@link System#nanoTime}. */
    long firstLabels() {
        return seen.entrySet().stream()
                .filter(each -> each.getKey().teacher().equals(teacher))
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElseThrow();
    }

    private void await(List<ShardAdded> shards) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!hasLabeled(shards)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The labeler did not label " + shards.size() + " shards within "
                        + PATIENCE.toMinutes() + " minutes; its log tells why");
            }
        }
    }

    private Labeled labeled(ShardAdded shard) {
        return new Labeled(shard.getShard().getDigest(), teacher);
    }

    private void watch() {
        for (Fact fact : labels.poll(POLL)) {
            if (fact.payload() instanceof SoftLabelsAdded added) {
                seen.putIfAbsent(new Labeled(added.getShard(), added.getTeacher()), System.nanoTime());
            }
        }
    }

    @Override
    public void close() {
        labels.close();
        log.close();
    }
}
