package dev.tutelage.integration;

import dev.tutelage.cli.ingest.CheckpointUpload;
import dev.tutelage.cli.ingest.ShardStream;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
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

    /** A task whose teachers a person has to approve. */
    static TinyTask ofApproval(Machine machine) throws Exception {
        return new TinyTask(read("approval-task.yaml", OptionalLong.empty()), machine);
    }

    /** A task with networks of a few kilobytes. */
    static TinyTask ofUpgrade(Machine machine) throws Exception {
        return new TinyTask(read("upgrade-task.yaml", OptionalLong.empty()), machine);
    }

    /** A task whose images can be followed in seconds. */
    static TinyTask ofTraces(Machine machine) throws Exception {
        return new TinyTask(read("traced-task.yaml", OptionalLong.empty()), machine);
    }

    /** A task that is retrained by policies. */
    static TinyTask ofPolicies(Machine machine) throws Exception {
        return new TinyTask(read("retrain-task.yaml", OptionalLong.empty()), machine);
    }

    /** A task that people follow in the console. */
    static TinyTask ofConsole(Machine machine) throws Exception {
        return new TinyTask(read("console-task.yaml", OptionalLong.empty()), machine);
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

    void addHeldOut() throws Exception {
        shards.add(heldOut(), Split.SPLIT_HELD_OUT);
    }

    void addHeldOutAndLabeled() throws Exception {
        addHeldOut();
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

    /**
     * Asks for a pretraining, as the trigger does.
     *
     * @param dataset makes the dataset of the task
     * @param overrides of the task's recipe
     * @param start digest of the checkpoint that it goes on from; empty for none
     * @return the run's id
     */
    String pretrain(Function<TaskDeclared, Dataset> dataset, String overrides, String start) throws Exception {
        byte[] manifest = dataset.apply(declaration).toJson();
        String recipe = Recipes.PRETRAIN.write(Recipes.PRETRAIN.override(
                Recipes.PRETRAIN.read(declaration.getRecipes().getPretrain()), overrides));
        String run = RunId.of(
                name(),
                Stage.STAGE_PRETRAIN,
                Optional.empty(),
                Digest.of(manifest).hex(),
                recipe,
                Optional.of(start).filter(digest -> !digest.isEmpty()));
        log.publish(List.of(RunRequested.newBuilder()
                .setRunId(run)
                .setTask(name())
                .setStage(Stage.STAGE_PRETRAIN)
                .setDataset(store.put(manifest, "dataset.json"))
                .setRecipe(recipe)
                .setStart(start)
                .build()));
        return run;
    }

    /** Fetches one of a checkpoint's files. */
    String read(CheckpointPublished checkpoint, String file, Path directory) throws Exception {
        Artifact artifact = checkpoint.getFilesList().stream()
                .filter(each -> each.getName().equals(file))
                .findFirst()
                .orElseThrow();
        Path target = directory.resolve(checkpoint.getDigest() + "-" + file);
        store.fetch(artifact, target);
        return Files.readString(target);
    }

    /** Publishes an encoder that has learned nothing, to be fine-tuned. */
    void addRandomEncoder(long seed, Path directory) throws Exception {
        ResNet encoder = ResNet.ofDepth(1, 18, 0.125, Stem.CIFAR_HALVED, false);
        Architecture architecture =
                new Architecture.Pretrained(encoder, new ProjectionHead(encoder.outputWidth(), 3, 64));
        Provenance provenance = new Provenance(
                name(),
                dev.tutelage.learning.format.Stage.PRETRAINED,
                List.of(),
                new ImageShape(1, 28, 28),
                "{}",
                Optional.empty(),
                "",
                seed);
        try (Weights weights = Weights.initialize(architecture.parameters(), new Seed(seed))) {
            Checkpoint.write(directory, architecture, weights, provenance, Map.of());
        }
        new CheckpointUpload(store, log).add(directory);
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

    static ImageSet sample(String part) throws IOException {
        Path directory = Home.directory().resolve("samples/fashion-mnist");
        return Idx.labeled(
                directory.resolve(part + "-images-idx3-ubyte.gz"), directory.resolve(part + "-labels-idx1-ubyte.gz"));
    }

    @Override
    public void close() {
        log.close();
    }
}
