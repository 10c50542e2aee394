package dev.tutelage.gateway.console;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftReference;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.DriftTestKind;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.GateCheck;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.artifact.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Facts about a task as the services say them. */
final class Story {
    static final List<String> CLASSES = List.of("wren", "robin", "<b>owl</b>");
    static final int SIDE = 16;

    private final String task;

    Story(String task) {
        this.task = task;
    }

    String digest(String name) {
        return Digest.of((task + name).getBytes(StandardCharsets.UTF_8)).hex();
    }

    Artifact artifact(String name) {
        return Artifact.newBuilder()
                .setDigest(digest(name))
                .setSize(1000)
                .setName(name)
                .build();
    }

    TaskDeclared declared() {
        return TaskDeclared.newBuilder()
                .setTask(task)
                .addAllClasses(CLASSES)
                .setImage(ImageShape.newBuilder().setChannels(3).setHeight(SIDE).setWidth(SIDE))
                .build();
    }

    ShardAdded shard(Artifact shard, int images, boolean labeled, Split split) {
        return ShardAdded.newBuilder()
                .setTask(task)
                .setShard(shard)
                .setImages(images)
                .setLabeled(labeled)
                .setSplit(split)
                .build();
    }

    RunRequested requested(String run, Stage stage, String why) {
        return RunRequested.newBuilder()
                .setRunId(run)
                .setTask(task)
                .setStage(stage)
                .setRecipe("{\"epochs\":7,\"temperature\":0.1}")
                .setReason(why)
                .setNumber(1)
                .addEvidence(Evidence.newBuilder()
                        .setWhat("1,200 images came")
                        .setTopic("tutelage.shards")
                        .setKey(task + "/x"))
                .build();
    }

    RunChanged changed(String run, Stage stage, RunState state) {
        return RunChanged.newBuilder()
                .setRunId(run)
                .setTask(task)
                .setStage(stage)
                .setState(state)
                .setAttempt(state == RunState.RUN_STATE_REQUESTED ? 0 : 1)
                .setWorker(state == RunState.RUN_STATE_REQUESTED ? "" : "worker-1")
                .build();
    }

    RunProgressed progressed(String run, Stage stage, long step) {
        return RunProgressed.newBuilder()
                .setRunId(run)
                .setTask(task)
                .setStage(stage)
                .setPhase("pretrain")
                .setStep(step)
                .setSteps(400)
                .setEpoch(2)
                .setEpochs(7)
                .setLoss(5 / (1 + step / 40.0))
                .setLearningRate(0.3 * (1 - step / 400.0))
                .setImagesPerSecond(812)
                .setSecondsLeft(95)
                .putMetrics("knn", 61.5)
                .build();
    }

    CheckpointPublished checkpoint(String name, Stage stage, String run, String parent, double top1) {
        CheckpointPublished.Builder made = CheckpointPublished.newBuilder()
                .setDigest(digest(name))
                .setTask(task)
                .setStage(stage)
                .setRunId(run)
                .setParent(parent.isEmpty() ? "" : digest(parent))
                .setRecipe("{\"epochs\":7}")
                .setParameters(81_978)
                .setSeconds(523)
                .addFiles(artifact("manifest.json"))
                .addFiles(artifact("model.onnx"));
        return top1 > 0 ? made.putMetrics("top1", top1).build() : made.build();
    }

    /** Images of two shards that one test finds unlike those before, and another does not. */
    DriftDetected drifted(String teacher, String first, String last) {
        return DriftDetected.newBuilder()
                .setTask(task)
                .setTeacher(digest(teacher))
                .setWindow(3)
                .setFirstShard(digest(first))
                .setLastShard(digest(last))
                .setImages(360)
                .setReference(DriftReference.DRIFT_REFERENCE_FIRST_WINDOW)
                .addTests(DriftTest.newBuilder()
                        .setKind(DriftTestKind.DRIFT_TEST_KIND_CONFIDENCE)
                        .setValue(0.51234)
                        .setThreshold(0.25)
                        .setFired(true))
                .addTests(DriftTest.newBuilder()
                        .setKind(DriftTestKind.DRIFT_TEST_KIND_CLASS_PRIOR)
                        .setValue(0.125)
                        .setThreshold(0.25))
                .setReason("it is less <i>sure</i>")
                .build();
    }

    private GateEvidence evidence(double top1) {
        return GateEvidence.newBuilder()
                .setCandidateTop1(top1)
                .setReason("it is better than nobody")
                .addAllCandidateClassRecall(List.of(90.0, 55.5, Double.NaN))
                .addChecks(GateCheck.newBuilder()
                        .setName("top1")
                        .setValue(top1)
                        .setLimit(50)
                        .setPassed(true)
                        .setDetail("above the floor"))
                .build();
    }

    List<Message> promoted(String name, Role role, double top1) {
        return List.of(
                CandidateJudged.newBuilder()
                        .setTask(task)
                        .setRole(role)
                        .setCheckpoint(digest(name))
                        .setVerdict(Verdict.VERDICT_PROMOTED)
                        .setEvidence(evidence(top1))
                        .build(),
                Promoted.newBuilder()
                        .setTask(task)
                        .setRole(role)
                        .setCheckpoint(digest(name))
                        .setEvidence(evidence(top1))
                        .build());
    }
}
