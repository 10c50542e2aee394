package dev.tutelage.cli.chaos;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.ingest.DistinctImages;
import dev.tutelage.cli.ingest.ShardStream;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.control.task.TaskRegistry.TaskExistsException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;

/**
 * Data that never stops: a new small task every so often, and shards of images without labels, now and then one with
 * labels, for the newest tasks. What cannot be said or stored is tried again until it is.
 */
final class River {
    private static final int HELD_OUT = 100;
    private static final int LABELED = 60;
    private static final int UNLABELED = 320;
    private static final int FIRST_SHARD = 64;
    private static final int SHARD = 16;
    private static final int MORE_LABELS = 12;
    /** Tasks that get images at the same time. */
    private static final int FED = 2;

    private static final Duration SHARD_EVERY = Duration.ofSeconds(1);
    private static final int LABELS_EVERY = 20;
    private static final int TASK_EVERY = 60;
    private static final long PAUSE_MILLIS = 1_000;

    private final Machine machine;
    private final long seed;
    private final TaskDeclared template;
    private final ImageSet train;
    private final ImageSet test;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Bed> beds = new ArrayList<>();
    private long images;

    /** A task, and where its images come from. */
    private record Bed(ShardStream shards, DistinctImages unlabeled) {}

    /**
     * @param seed of the tasks' recipes
     * @throws InvalidTaskException if the task file beside the sample cannot be used
     */
    River(Machine machine, SampleFiles samples, long seed) throws IOException, InvalidTaskException {
        this.machine = machine;
        this.seed = seed;
        this.template = TaskYaml.read(samples.directory().resolve("chaos.yaml"), OptionalLong.of(seed));
        this.train = Idx.labeled(samples.trainImages(), samples.trainLabels());
        this.test = Idx.labeled(samples.testImages(), samples.testLabels());
    }

    /** Flows until it is stopped. */
    void flow() throws IOException, InterruptedException, TaskExistsException {
        try (FactLog log =
                new FactLog(machine.kafka(), "/tutelage/chaos", "river-" + UUID.randomUUID(), Clock.systemUTC())) {
            for (int second = 0; !isStopped(); second++) {
                if (second % TASK_EVERY == 0) {
                    beginTask(second / TASK_EVERY + 1, log);
                }
                Bed bed = beds.get(beds.size() - 1 - second % Math.min(FED, beds.size()));
                add(bed, bed.unlabeled().next(SHARD), Split.SPLIT_TRAIN);
                if (second % LABELS_EVERY == LABELS_EVERY - 1) {
                    add(bed, labels(LABELED + second / LABELS_EVERY * MORE_LABELS, MORE_LABELS), Split.SPLIT_TRAIN);
                }
                boolean unused = stopped.await(SHARD_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void beginTask(int number, FactLog log) throws IOException, InterruptedException, TaskExistsException {
        String name = template.getTask() + "-" + seed + "-" + number;
        TaskDeclared task = template.toBuilder()
                .setTask(name)
                .setPolicies(template.getPolicies().toBuilder().setRetrain(retraining()))
                .build();
        insist(() -> new TaskRegistry(machine.kafka(), log).declare(task));
        Bed bed =
                new Bed(new ShardStream(name, machine.artifactStore(), log), new DistinctImages(train.withoutLabels()));
        add(bed, test.subset(IntStream.range(0, HELD_OUT).toArray()), Split.SPLIT_HELD_OUT);
        add(bed, labels(0, LABELED), Split.SPLIT_TRAIN);
        for (int i = 0; i < UNLABELED / FIRST_SHARD; i++) {
            add(bed, bed.unlabeled().next(FIRST_SHARD), Split.SPLIT_TRAIN);
        }
        beds.add(bed);
    }

    /** Each stage again for each few hundred images, each few labels and each new teacher. */
    private static Retraining retraining() {
        return Retraining.newBuilder()
                .setPretrain(when(Condition.newBuilder().setNewImages(UNLABELED)))
                .setFineTune(when(Condition.newBuilder().setNewParent(true)))
                .setDistill(when(Condition.newBuilder().setNewParent(true)))
                .build();
    }

    private static StagePolicy when(Condition.Builder condition) {
        return StagePolicy.newBuilder().setWhen(condition).build();
    }

    private ImageSet labels(int from, int number) {
        return train.subset(
                IntStream.range(from, from + number).map(i -> i % train.size()).toArray());
    }

    private void add(Bed bed, ImageSet some, Split split)
            throws IOException, InterruptedException, TaskExistsException {
        insist(() -> bed.shards().add(some, split));
        images += some.labeled() ? 0 : some.size();
    }

    private interface Saying {
        void say() throws IOException, NotPublishedException, TaskExistsException;
    }

    private void insist(Saying saying) throws IOException, InterruptedException, TaskExistsException {
        while (true) {
            try {
                saying.say();
                return;
            } catch (NotPublishedException | ArtifactStoreException | KafkaException away) {
                // The broker or the store is away. To say or store the same again is harmless.
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    void stop() {
        stopped.countDown();
    }

    /** Images without labels that have come; to be asked when it flows no more. */
    long images() {
        return images;
    }

    /** Tasks that were declared; to be asked when it flows no more. */
    int tasks() {
        return beds.size();
    }
}
