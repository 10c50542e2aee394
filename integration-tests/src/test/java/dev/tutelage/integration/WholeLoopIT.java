package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole system as processes, on a real broker and a real S3 endpoint. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeLoopIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private Machine machine;

    @BeforeAll
    void start(@TempDir Path state) throws Exception {
        machine = Machine.start(
                MachineOptions.everything(Home.directory(), state.resolve("machine")),
                status -> System.out.println(status.line()));
    }

    @AfterAll
    void stop() {
        machine.close();
    }

    @Test
    void imagesAndAFewLabelsBecomeATeacherSoftLabelsAndAStudent(@TempDir Path directory) throws Exception {
        try (TinyTask task = new TinyTask("loop", machine);
                Watcher watcher = new Watcher("loop", machine)) {
            task.declare();
            task.addHeldOutAndLabeled();
            task.addUnlabeled(TinyTask.UNLABELED);
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            assertEveryRequestEndedOnceAndWell(watcher);
            assertThat(watcher.checkpoints())
                    .extracting(CheckpointPublished::getStage)
                    .containsExactlyInAnyOrder(
                            Stage.STAGE_SUPERVISED, Stage.STAGE_PRETRAIN, Stage.STAGE_FINE_TUNE, Stage.STAGE_DISTILL);
            assertEveryImageHasItsSoftLabelsOnce(watcher, TinyTask.UNLABELED);
            assertEveryByteIsThere(watcher, directory);
            CheckpointPublished student =
                    watcher.checkpoints(Stage.STAGE_DISTILL).get(0);
            assertThat(watcher.promotions(Role.ROLE_STUDENT))
                    .singleElement()
                    .satisfies(promoted -> assertThat(promoted.getCheckpoint()).isEqualTo(student.getDigest()));
            assertThat(top1OfOnnx(student, directory))
                    .as("top-1 of the student's ONNX model, measured here")
                    .isCloseTo(student.getMetricsOrThrow("top1"), within(0.51));
        }
    }

    @Test
    void whatCannotBeUsedBecomesDeadLettersAndTheRestIsUsed() throws Exception {
        ImageSet train = TinyTask.train();
        byte[] good = tar(train.subset(IntStream.range(700, 720).toArray()));
        try (TinyTask task = new TinyTask("bad-input", machine);
                Watcher watcher = new Watcher("bad-input", machine)) {
            task.declare();
            task.addHeldOutAndLabeled();
            task.addUnlabeled(withUnreadableImage(train), 11);
            task.addUnlabeled(Arrays.copyOf(good, good.length * 2 / 3), 20);
            task.addUnlabeled(new byte[10240], 5);
            task.addUnlabeled(TinyTask.UNLABELED);
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            List<String> rejected = watcher.deadLetters().stream()
                    .flatMap(letter -> letter.getRejectedList().stream())
                    .map(RejectedItem::getImage)
                    .toList();
            assertThat(rejected).contains("broken");
            assertThat(watcher.deadLetters())
                    .as("the empty shard's label run")
                    .extracting(DeadLettered::getReason)
                    .anySatisfy(reason -> assertThat(reason).contains("holds no usable image"));
            assertThat(watcher.runs(RunState.RUN_STATE_FAILED))
                    .extracting(RunChanged::getStage)
                    .containsExactly(Stage.STAGE_LABEL);
            assertThat(watcher.checkpoints(Stage.STAGE_DISTILL)).hasSize(1);
        }
    }

    @Test
    void aKilledStudentTrainerGoesOnAndEndsInOneResult() throws Exception {
        try (TinyTask task = new TinyTask("killed", machine);
                Watcher watcher = new Watcher("killed", machine)) {
            task.declare();
            task.addHeldOutAndLabeled();
            task.addUnlabeled(TinyTask.UNLABELED);
            watcher.await("distillation", PATIENCE, () -> watcher.isInProgress(Stage.STAGE_DISTILL));
            machine.kill("student-trainer");
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            assertThat(watcher.runs(RunState.RUN_STATE_RESUMED))
                    .as("the run was taken up again")
                    .extracting(RunChanged::getStage)
                    .contains(Stage.STAGE_DISTILL);
            assertEveryRequestEndedOnceAndWell(watcher);
            assertThat(watcher.checkpoints(Stage.STAGE_DISTILL)).hasSize(1);
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
        }
    }

    private static void assertEveryRequestEndedOnceAndWell(Watcher watcher) {
        List<String> requested = ids(watcher.runs(RunState.RUN_STATE_REQUESTED));
        assertThat(requested).isNotEmpty().doesNotHaveDuplicates();
        assertThat(ids(watcher.runs(RunState.RUN_STATE_SUCCEEDED))).containsExactlyInAnyOrderElementsOf(requested);
        assertThat(watcher.runs(RunState.RUN_STATE_FAILED)).isEmpty();
        assertThat(watcher.deadLetters()).isEmpty();
    }

    private static List<String> ids(List<RunChanged> runs) {
        return runs.stream().map(RunChanged::getRunId).toList();
    }

    private static void assertEveryImageHasItsSoftLabelsOnce(Watcher watcher, int images) {
        assertThat(watcher.softLabels()).extracting(SoftLabelsAdded::getShard).doesNotHaveDuplicates();
        assertThat(watcher.softLabels().stream()
                        .mapToInt(SoftLabelsAdded::getImages)
                        .sum())
                .isEqualTo(images);
    }

    /** Fetching verifies each artifact against its digest. */
    private void assertEveryByteIsThere(Watcher watcher, Path directory) {
        ArtifactStore store = machine.artifactStore();
        watcher.softLabels().forEach(labels -> store.fetch(labels.getLogits(), directory.resolve("logits")));
        watcher.checkpoints().stream()
                .flatMap(checkpoint -> checkpoint.getFilesList().stream())
                .forEach(file -> store.fetch(file, directory.resolve("file")));
    }

    private double top1OfOnnx(CheckpointPublished checkpoint, Path directory) throws Exception {
        Path files = Files.createDirectories(directory.resolve("student"));
        for (Artifact file : checkpoint.getFilesList()) {
            machine.artifactStore().fetch(file, files.resolve(file.getName()));
        }
        assertThat(Checkpoint.readManifest(files).provenance().classes()).hasSize(10);
        return Measured.top1(files, TinyTask.heldOut());
    }

    private static byte[] withUnreadableImage(ImageSet train) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            writer.addAll(train.withoutLabels().subset(IntStream.range(800, 810).toArray()));
            writer.add("broken", "no image at all".getBytes(StandardCharsets.UTF_8), OptionalInt.empty());
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(ImageSet images) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            writer.addAll(images.withoutLabels());
        }
        return bytes.toByteArray();
    }
}
