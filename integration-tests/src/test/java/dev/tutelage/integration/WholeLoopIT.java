package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
            task.begin();
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

    /** Memory, probes, part of the labels, the head alone, early stopping, self-distillation, labels beside the teacher, half precision, a selection. */
    @Test
    @Tag("slow")
    void everyChoiceOfARecipeReachesItsService() throws Exception {
        try (TinyTask task = TinyTask.ofChoices(machine);
                Watcher watcher = new Watcher("choices", machine)) {
            task.begin();
            watcher.await("a student", PATIENCE, watcher::hasStudentAndRest);
            watcher.catchUp();

            assertEveryRequestEndedOnceAndWell(watcher);
            CheckpointPublished pretrained =
                    watcher.checkpoints(Stage.STAGE_PRETRAIN).get(0);
            assertThat(pretrained.getMetricsMap()).containsKeys("knn", "linear", "deviation");
            CheckpointPublished fineTuned =
                    watcher.checkpoints(Stage.STAGE_FINE_TUNE).get(0);
            assertThat(fineTuned.getMetricsMap())
                    .containsEntry("labels", 50.0)
                    .containsKeys("validationLoss", "bestEpoch");
            CheckpointPublished self =
                    watcher.checkpoints(Stage.STAGE_SELF_DISTILL).get(0);
            assertThat(self.getParent()).isEqualTo(fineTuned.getDigest());
            assertThat(self.getStart()).isEqualTo(pretrained.getDigest());
            CheckpointPublished student =
                    watcher.checkpoints(Stage.STAGE_DISTILL).get(0);
            boolean selfIsBetter = self.getMetricsOrThrow("top1") > fineTuned.getMetricsOrThrow("top1");
            assertThat(student.getParent()).isEqualTo((selfIsBetter ? self : fineTuned).getDigest());
            assertThat(watcher.promotions(Role.ROLE_TEACHER)).hasSize(selfIsBetter ? 2 : 1);
            assertThat(student.getMetricsMap())
                    .containsKeys("validationLoss", "bestEpoch", "selected.minConfidence", "selected.maxImbalance")
                    .containsEntry("selected.labeled", (double) TinyTask.UNLABELED);
            if (!selfIsBetter) {
                assertThat(student.getMetricsOrThrow("selected.agreement"))
                        .as("there was no other teacher")
                        .isEqualTo(student.getMetricsOrThrow("selected.minConfidence"));
            }
        }
    }

    @Test
    @Tag("slow")
    void whatCannotBeUsedBecomesDeadLettersAndTheRestIsUsed() throws Exception {
        byte[] good = BadShards.good();
        try (TinyTask task = new TinyTask("bad-input", machine);
                Watcher watcher = new Watcher("bad-input", machine)) {
            task.declare();
            task.add(BadShards.labeledBeyondTheClasses(), 3, true);
            task.addHeldOutAndLabeled();
            task.add(BadShards.withUnusableImages(), 13, false);
            task.add(Arrays.copyOf(good, good.length * 2 / 3), 20, false);
            task.add(new byte[10240], 5, false);
            task.addWithoutBytes("gone with the wind".getBytes(StandardCharsets.UTF_8), 7);
            task.addUnlabeled(TinyTask.UNLABELED);
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            assertThat(watcher.rejected())
                    .anySatisfy(item -> assertRejected(item, "unreadable", "neither PNG, JPEG nor WebP"))
                    .anySatisfy(item -> assertRejected(item, "see-through", "alpha channel"))
                    .anySatisfy(item -> assertRejected(item, "colored", "3 colour channels"))
                    .anySatisfy(item ->
                            assertRejected(item, "no-such-class", "label 10, but the task's classes are 0 to 9"))
                    .anySatisfy(item -> assertRejected(item, "", "Truncated TAR archive"))
                    .anySatisfy(item -> assertRejected(item, "", "no such object"));
            assertThat(watcher.runs(RunState.RUN_STATE_FAILED))
                    .as("the label runs of the empty shard and of the one that is not there")
                    .hasSize(2)
                    .allSatisfy(run -> {
                        assertThat(run.getStage()).isEqualTo(Stage.STAGE_LABEL);
                        assertThat(run.getMessage()).contains("holds no usable image");
                    });
            assertThat(watcher.checkpoints(Stage.STAGE_DISTILL)).hasSize(1);
        }
    }

    private static void assertRejected(RejectedItem item, String image, String reason) {
        assertThat(item.getImage()).isEqualTo(image);
        assertThat(item.getReason()).contains(reason);
    }

    @Test
    void aKilledStudentTrainerGoesOnAndEndsInOneResult() throws Exception {
        try (TinyTask task = new TinyTask("killed", machine);
                Watcher watcher = new Watcher("killed", machine)) {
            task.begin();
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

    @Test
    @Tag("slow")
    void aWorkerOfEveryStageAndTheStoreMayBeKilledOnTheWay() throws Exception {
        try (TinyTask task = new TinyTask("all-killed", machine);
                Watcher watcher = new Watcher("all-killed", machine)) {
            task.begin();
            watcher.await("pretraining", PATIENCE, () -> watcher.isInProgress(Stage.STAGE_PRETRAIN));
            machine.kill("pretrainer");
            watcher.await("fine-tuning", PATIENCE, () -> watcher.hasStarted(Stage.STAGE_FINE_TUNE));
            machine.kill("fine-tuner");
            watcher.await("labeling", PATIENCE, () -> watcher.hasStarted(Stage.STAGE_LABEL));
            machine.kill("labeler");
            watcher.await("distillation", PATIENCE, () -> watcher.hasStarted(Stage.STAGE_DISTILL));
            machine.kill("s3");
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            assertEveryRequestEndedOnceAndWell(watcher);
            assertEveryImageHasItsSoftLabelsOnce(watcher, TinyTask.UNLABELED);
            assertThat(watcher.promotions(Role.ROLE_TEACHER)).hasSize(1);
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
        }
    }

    /**
     * Both triggers of a service decide, and may say the same label request, but take turns at all else; both workers of a
     * service share the requests.
     */
    @Test
    @Tag("slow")
    void twoOfEveryServiceDoEverythingOnce(@TempDir Path directory) throws Exception {
        try (Twins twins = Twins.start(MachineOptions.ALL_SERVICES, machine, directory);
                TinyTask task = new TinyTask("twins", machine);
                Watcher watcher = new Watcher("twins", machine)) {
            task.begin();
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            Set<String> requested = Set.copyOf(ids(watcher.runs(RunState.RUN_STATE_REQUESTED)));
            assertThat(Set.copyOf(ids(watcher.runs(RunState.RUN_STATE_SUCCEEDED))))
                    .isEqualTo(requested);
            assertThat(watcher.runs(RunState.RUN_STATE_FAILED)).isEmpty();
            assertThat(watcher.deadLetters()).isEmpty();
            assertThat(Set.copyOf(watcher.checkpoints()))
                    .as("one of each stage")
                    .hasSize(4);
            assertThat(Set.copyOf(watcher.softLabels())).as("one of each shard").hasSize(6);
            assertThat(watcher.requests(Stage.STAGE_PRETRAIN)).hasSize(1);
            assertThat(watcher.requests(Stage.STAGE_FINE_TUNE)).hasSize(1);
            assertThat(watcher.requests(Stage.STAGE_DISTILL)).hasSize(1);
            assertThat(watcher.promotions(Role.ROLE_TEACHER)).hasSize(1);
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
            assertThat(twins.areAlive()).isTrue();
        }
    }

    @Test
    @Tag("slow")
    void aBrokerThatIsGoneForTwentySecondsIsWaitedFor() throws Exception {
        try (TinyTask task = new TinyTask("broker-gone", machine);
                Watcher watcher = new Watcher("broker-gone", machine)) {
            task.begin();
            watcher.await("pretraining", PATIENCE, () -> watcher.isInProgress(Stage.STAGE_PRETRAIN));
            Outage.ofBroker(machine, Duration.ofSeconds(20));
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            watcher.catchUp();

            assertEveryRequestEndedOnceAndWell(watcher);
            assertEveryImageHasItsSoftLabelsOnce(watcher, TinyTask.UNLABELED);
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
        }
    }

    @Test
    void aSecondTaskOfTheSameNameIsRefused() throws Exception {
        try (TinyTask first = new TinyTask("twice", machine);
                TinyTask same = new TinyTask("twice", machine);
                TinyTask other = new TinyTask("twice", machine, List.of("cat", "dog"))) {
            first.declare();
            same.declare();
            assertThatExceptionOfType(TaskRegistry.TaskExistsException.class)
                    .isThrownBy(other::declare)
                    .withMessageContaining("Task 'twice' is declared already")
                    .withMessageContaining("Give this one another name");
        }
    }

    static void assertEveryRequestEndedOnceAndWell(Watcher watcher) {
        List<String> requested = ids(watcher.runs(RunState.RUN_STATE_REQUESTED));
        assertThat(requested).isNotEmpty().doesNotHaveDuplicates();
        assertThat(ids(watcher.runs(RunState.RUN_STATE_SUCCEEDED))).containsExactlyInAnyOrderElementsOf(requested);
        assertThat(watcher.runs(RunState.RUN_STATE_FAILED)).isEmpty();
        assertThat(watcher.deadLetters()).isEmpty();
    }

    private static List<String> ids(List<RunChanged> runs) {
        return runs.stream().map(RunChanged::getRunId).toList();
    }

    static void assertEveryImageHasItsSoftLabelsOnce(Watcher watcher, int images) {
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
}
