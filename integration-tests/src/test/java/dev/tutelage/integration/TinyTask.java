package dev.tutelage.integration;

import dev.tutelage.cli.ingest.ShardStream;
import dev.tutelage.cli.ingest.TaskRegistry;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.task.TaskYaml;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;

/** A few hundred real images as a task of their own. */
final class TinyTask implements AutoCloseable {
    static final int UNLABELED = 600;
    static final int LABELED = 100;
    static final int HELD_OUT = 200;
    static final int SHARD_SIZE = 100;

    private final TaskDeclared declaration;
    private final FactLog log;
    private final ArtifactStore store;
    private final TaskRegistry registry;
    private final ShardStream shards;

    TinyTask(String name, Machine machine) throws Exception {
        this(named(name), machine);
    }

    /** A task of the same name that is another one. */
    TinyTask(String name, Machine machine, List<String> classes) throws Exception {
        this(named(name).toBuilder().clearClasses().addAllClasses(classes).build(), machine);
    }

    /** A task that makes every choice otherwise than the usual one does. */
    static TinyTask ofChoices(Machine machine) throws Exception {
        return new TinyTask(read("choices-task.yaml", OptionalLong.empty()), machine);
    }

    /** A task whose stream is watched in short windows. */
    static TinyTask ofDrift(Machine machine) throws Exception {
        return new TinyTask(read("drift-task.yaml", OptionalLong.empty()), machine);
    }

    /** A task that is pretrained for about a minute. */
    static TinyTask ofLongPretraining(String name, Machine machine) throws Exception {
        TaskDeclared template = read("long-task.yaml", OptionalLong.of(name.hashCode()));
        return new TinyTask(template.toBuilder().setTask(name).build(), machine);
    }

    private static TaskDeclared read(String file, OptionalLong seed) throws Exception {
        return TaskYaml.read(Path.of("src/test/resources").resolve(file), seed);
    }

    private static TaskDeclared named(String name) throws Exception {
        TaskDeclared template = read("tiny-task.yaml", OptionalLong.of(name.hashCode()));
        return template.toBuilder().setTask(name).build();
    }

    private TinyTask(TaskDeclared declaration, Machine machine) {
        String name = declaration.getTask();
        this.declaration = declaration;
        this.log = new FactLog(machine.kafka(), "/tutelage/test", "test-" + UUID.randomUUID(), Clock.systemUTC());
        this.store = machine.artifactStore();
        this.registry = new TaskRegistry(machine.kafka(), log);
        this.shards = new ShardStream(name, store, log);
    }

    /** Everything that the loop needs, at once. */
    void begin() throws Exception {
        declare();
        addHeldOutAndLabeled();
        addUnlabeled(UNLABELED);
    }

    void declare() throws Exception {
        registry.declare(declaration);
    }

    void addHeldOutAndLabeled() throws Exception {
        shards.add(heldOut(), Split.SPLIT_HELD_OUT);
        shards.add(train().subset(IntStream.range(0, LABELED).toArray()), Split.SPLIT_TRAIN);
    }

    void addUnlabeled(int images) throws Exception {
        shards.stream(
                train().withoutLabels().subset(IntStream.range(0, images).toArray()),
                Split.SPLIT_TRAIN,
                SHARD_SIZE,
                10_000);
    }

    /** Adds one unlabeled shard. */
    void addShard(ImageSet images) throws Exception {
        shards.add(images, Split.SPLIT_TRAIN);
    }

    /**
     * Makes a network that has learned nothing the teacher.
     *
     * @return its digest
     */
    String promoteRandomTeacher(long seed) throws Exception {
        return new RandomTeacher(declaration, seed).promote(store, log);
    }

    /** Says that a shard has come whose bytes are what they are. */
    void add(byte[] tar, int images, boolean labeled) throws Exception {
        say(store.put(tar, "shard.tar"), images, labeled);
    }

    /** Says that a shard has come that is not in the store. */
    void addWithoutBytes(byte[] tar, int images) throws Exception {
        say(
                Artifact.newBuilder()
                        .setDigest(Digest.of(tar).hex())
                        .setSize(tar.length)
                        .setName("shard.tar")
                        .build(),
                images,
                false);
    }

    private void say(Artifact shard, int images, boolean labeled) throws Exception {
        log.publish(List.of(ShardAdded.newBuilder()
                .setTask(declaration.getTask())
                .setShard(shard)
                .setImages(images)
                .setLabeled(labeled)
                .setSplit(Split.SPLIT_TRAIN)
                .build()));
    }

    static ImageSet heldOut() throws IOException {
        return sample("test").subset(IntStream.range(0, HELD_OUT).toArray());
    }

    static ImageSet train() throws IOException {
        return sample("train");
    }

    String name() {
        return declaration.getTask();
    }

    private static ImageSet sample(String part) throws IOException {
        Path directory = Home.directory().resolve("samples/fashion-mnist");
        return Idx.labeled(
                directory.resolve(part + "-images-idx3-ubyte.gz"), directory.resolve(part + "-labels-idx1-ubyte.gz"));
    }

    @Override
    public void close() {
        log.close();
    }
}
