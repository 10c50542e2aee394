package dev.tutelage.gateway.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.DriftTestKind;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Extent;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Recipes;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.run.RunId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is said of a task in its life: pretrained, fine-tuned and promoted, labeled, distilled.
 *
 * @param task its name; digests and run ids are of this task alone
 */
record Birds(String task) {

    String digest(String of) {
        return Digest.of((of + task).getBytes(StandardCharsets.UTF_8)).hex();
    }

    String run(String stage) {
        return stage + "-" + digest("run of " + stage).substring(0, 32);
    }

    List<Message> declaration() {
        return List.of(TaskDeclared.newBuilder()
                .setTask(task)
                .addAllClasses(List.of("wren", "robin"))
                .setImage(ImageShape.newBuilder().setChannels(3).setHeight(32).setWidth(48))
                .setRecipes(Recipes.newBuilder().setPretrain("{\"epochs\":5}").setFineTune("{\"epochs\":2}"))
                .build());
    }

    List<Message> shards() {
        return IntStream.range(0, 5)
                .<Message>mapToObj(i -> ShardAdded.newBuilder()
                        .setTask(task)
                        .setShard(artifact("shard " + i, "shard.tar"))
                        .setImages(100 + i)
                        .setLabeled(i == 4)
                        .setSplit(i == 4 ? Split.SPLIT_HELD_OUT : Split.SPLIT_TRAIN)
                        .build())
                .toList();
    }

    private Artifact artifact(String of, String name) {
        return Artifact.newBuilder()
                .setDigest(digest(of))
                .setSize(1_000)
                .setName(name)
                .build();
    }

    /** Asked for because of the first shard, and well under way. */
    List<Message> pretraining() {
        RunRequested request = RunRequested.newBuilder()
                .setRunId(run("pretrain"))
                .setTask(task)
                .setStage(Stage.STAGE_PRETRAIN)
                .setDataset(artifact("pretraining data", "dataset"))
                .setRecipe("{\"epochs\":5}")
                .setReason("406 images have come")
                .setNumber(1)
                .setExtent(Extent.newBuilder().setUnlabeledShards(4).setUnlabeledImages(406))
                .addEvidence(Evidence.newBuilder()
                        .setWhat("406 images came")
                        .setTopic("tutelage.shards")
                        .setKey(task + "/" + digest("shard 0")))
                .build();
        return List.of(request, changed("pretrain", Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED));
    }

    RunProgressed progress() {
        return RunProgressed.newBuilder()
                .setRunId(run("pretrain"))
                .setTask(task)
                .setStage(Stage.STAGE_PRETRAIN)
                .setEpoch(3)
                .setEpochs(5)
                .setLoss(2.5)
                .putMetrics("knn", 61.5)
                .build();
    }

    RunChanged changed(String run, Stage stage, RunState state) {
        return RunChanged.newBuilder()
                .setRunId(run(run))
                .setTask(task)
                .setStage(stage)
                .setState(state)
                .setAttempt(1)
                .setWorker("a-worker")
                .build();
    }

    RunRequested request(String run, Stage stage) {
        return RunRequested.newBuilder()
                .setRunId(run(run))
                .setTask(task)
                .setStage(stage)
                .setDataset(artifact(run + " data", "dataset"))
                .setReason("it is due")
                .build();
    }

    CheckpointPublished checkpoint(String name, Stage stage, String parent) {
        return CheckpointPublished.newBuilder()
                .setDigest(digest(name))
                .setTask(task)
                .setStage(stage)
                .setRunId(run(RunId.nameOf(stage)))
                .setParent(parent.isEmpty() ? "" : digest(parent))
                .setDataset(digest(name + " data"))
                .setRecipe("{\"epochs\":2}")
                .putMetrics("top1", 81.5)
                .addFiles(artifact("manifest of " + name, "manifest.json"))
                .addFiles(artifact("model of " + name, "model.onnx"))
                .setParameters(1_234)
                .build();
    }

    /** An encoder, a teacher, a second candidate that waits for approval, and a student. */
    List<Message> checkpoints() {
        return List.of(
                checkpoint("encoder", Stage.STAGE_PRETRAIN, ""),
                checkpoint("teacher", Stage.STAGE_FINE_TUNE, "encoder"),
                checkpoint("second", Stage.STAGE_FINE_TUNE, "encoder"),
                checkpoint("student", Stage.STAGE_DISTILL, "teacher"));
    }

    List<Message> promotions() {
        GateEvidence evidence = GateEvidence.newBuilder()
                .setCandidateTop1(81.5)
                .addCandidateClassRecall(Double.NaN)
                .setReason("the first that is good enough")
                .build();
        return List.of(
                CandidateJudged.newBuilder()
                        .setTask(task)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint(digest("teacher"))
                        .setVerdict(Verdict.VERDICT_PROMOTED)
                        .setEvidence(evidence)
                        .build(),
                Promoted.newBuilder()
                        .setTask(task)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint(digest("teacher"))
                        .setEvidence(evidence)
                        .build(),
                CandidateJudged.newBuilder()
                        .setTask(task)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint(digest("second"))
                        .setHolder(digest("teacher"))
                        .setVerdict(Verdict.VERDICT_AWAITING_APPROVAL)
                        .setEvidence(evidence)
                        .build());
    }

    List<Message> labels() {
        Stream<Message> labels = IntStream.range(0, 4).mapToObj(i -> SoftLabelsAdded.newBuilder()
                .setTask(task)
                .setShard(digest("shard " + i))
                .setTeacher(digest("teacher"))
                .setRunId(run("label " + i))
                .setImages(90)
                .setRejected(1)
                .setLogits(artifact("labels " + i, "soft-labels"))
                .build());
        Message drift = DriftDetected.newBuilder()
                .setTask(task)
                .setTeacher(digest("teacher"))
                .setFirstShard(digest("shard 0"))
                .setLastShard(digest("shard 3"))
                .setImages(360)
                .addTests(DriftTest.newBuilder()
                        .setKind(DriftTestKind.DRIFT_TEST_KIND_CONFIDENCE)
                        .setValue(0.5)
                        .setThreshold(0.25)
                        .setFired(true))
                .setReason("it is less sure")
                .build();
        return Stream.concat(labels, Stream.of(drift)).toList();
    }

    DeadLettered letter(String run) {
        return DeadLettered.newBuilder()
                .setSourceTopic("tutelage.fine-tune-requests")
                .setSourceOffset(7)
                .setKey(ByteString.copyFromUtf8(run))
                .setValue(ByteString.copyFromUtf8("no message"))
                .setService("fine-tuner")
                .setReason("The dataset is gone")
                .setTask(task)
                .setRunId(run)
                .addRejected(RejectedItem.newBuilder()
                        .setShard(digest("shard 0"))
                        .setImage("wren-1")
                        .setKind(RejectionKind.REJECTION_KIND_TRUNCATED)
                        .setReason("ends too early"))
                .build();
    }
}
