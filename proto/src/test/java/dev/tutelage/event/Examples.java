package dev.tutelage.event;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.Audited;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.DriftTestKind;
import dev.tutelage.event.v1.ExpirationKind;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Recipes;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.event.v1.UploadedImages;
import dev.tutelage.event.v1.Verdict;

/** A fact of every type, about the task "birds". */
final class Examples {
    private static final Artifact BYTES = Artifact.newBuilder()
            .setDigest("s1")
            .setSize(1L << 40)
            .setName("shard.tar")
            .build();

    private Examples() {}

    static Message of(FactType type) {
        return switch (type) {
            case TASK_DECLARED ->
                TaskDeclared.newBuilder()
                        .setTask("birds")
                        .addClasses("wren")
                        .addClasses("Zaunkönig")
                        .setImage(ImageShape.newBuilder()
                                .setChannels(3)
                                .setHeight(32)
                                .setWidth(48))
                        .setRecipes(Recipes.newBuilder().setPretrain("{}").setDistill("{\"epochs\":3}"))
                        .setPolicies(
                                Policies.newBuilder().setPretrainMinImages(100).setPromotionMinTop1(12.5))
                        .setSelection("{\"agreement\":2}")
                        .build();
            case SHARD_ADDED ->
                ShardAdded.newBuilder()
                        .setTask("birds")
                        .setShard(BYTES)
                        .setImages(1000)
                        .setSplit(Split.SPLIT_HELD_OUT)
                        .build();
            case RUN_REQUESTED -> request(Stage.STAGE_LABEL);
            case RUN_CHANGED ->
                RunChanged.newBuilder()
                        .setRunId("r1")
                        .setTask("birds")
                        .setStage(Stage.STAGE_LABEL)
                        .setState(RunState.RUN_STATE_FAILED)
                        .setAttempt(3)
                        .setWorker("w")
                        .setMessage("it was empty")
                        .build();
            case RUN_PROGRESSED ->
                RunProgressed.newBuilder()
                        .setRunId("r1")
                        .setTask("birds")
                        .setStep(5)
                        .setSteps(10)
                        .setLoss(-0.125)
                        .putMetrics("top1", 50)
                        .putMetrics("accuracy", 0.5)
                        .build();
            case CHECKPOINT_PUBLISHED ->
                CheckpointPublished.newBuilder()
                        .setDigest("c1")
                        .setTask("birds")
                        .setStage(Stage.STAGE_DISTILL)
                        .putMetrics("top1", 91.25)
                        .addFiles(BYTES)
                        .setParameters(11_000_000)
                        .build();
            case SOFT_LABELS_ADDED ->
                SoftLabelsAdded.newBuilder()
                        .setTask("birds")
                        .setShard("s1")
                        .setTeacher("c1")
                        .setLogits(BYTES)
                        .setQuality(SoftLabelQuality.newBuilder()
                                .setMeanConfidence(0.75)
                                .addClassCounts(7)
                                .addClassCounts(0))
                        .build();
            case PROMOTED ->
                Promoted.newBuilder()
                        .setTask("birds")
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("c1")
                        .setEvidence(GateEvidence.newBuilder().setCandidateTop1(91.25))
                        .build();
            case DRIFT_DETECTED ->
                DriftDetected.newBuilder()
                        .setTask("birds")
                        .setTeacher("c1")
                        .setWindow(2)
                        .setFirstShard("s1")
                        .setLastShard("s9")
                        .setImages(5000)
                        .addTests(DriftTest.newBuilder()
                                .setKind(DriftTestKind.DRIFT_TEST_KIND_CONFIDENCE)
                                .setValue(0.5)
                                .setThreshold(0.25)
                                .setFired(true))
                        .setReason("they are darker")
                        .build();
            case CANDIDATE_JUDGED ->
                CandidateJudged.newBuilder()
                        .setTask("birds")
                        .setRole(Role.ROLE_STUDENT)
                        .setCheckpoint("c2")
                        .setHolder("c1")
                        .setVerdict(Verdict.VERDICT_REJECTED)
                        .setEvidence(GateEvidence.newBuilder().setCandidateTop1(90))
                        .build();
            case TASK_PAUSED ->
                TaskPaused.newBuilder()
                        .setTask("birds")
                        .setPaused(true)
                        .setReason("the camera is being cleaned")
                        .build();
            case CANCELLATION_REQUESTED ->
                CancellationRequested.newBuilder()
                        .setRunId("r1")
                        .setTask("birds")
                        .setRetry(1)
                        .setBy("cli")
                        .build();
            case UPLOAD_ACCEPTED ->
                UploadAccepted.newBuilder()
                        .setTask("birds")
                        .setUpload("u1")
                        .setIdempotencyKey("camera-7/1")
                        .setContent("d1")
                        .setAccepted(2)
                        .setRefused(1)
                        .addShards(UploadedImages.newBuilder().setShard("s1").setImages(2))
                        .build();
            case AUDITED ->
                Audited.newBuilder()
                        .setRequest("q1")
                        .setBy("camera-7")
                        .setRole("operator")
                        .setMeans("key")
                        .setMethod("POST")
                        .setPath("/api/tasks/birds/pause")
                        .setTask("birds")
                        .setClient("127.0.0.1")
                        .setIdempotencyKey("k1")
                        .build();
            case ARTIFACTS_EXPIRED ->
                ArtifactsExpired.newBuilder()
                        .setTask("birds")
                        .setKind(ExpirationKind.EXPIRATION_KIND_TEACHER_LOST_ROLE)
                        .setCheckpoint("c1")
                        .setReason("it lost its role 30 days ago")
                        .addArtifacts(BYTES)
                        .build();
            case DEAD_LETTER_REPLAYED ->
                DeadLetterReplayed.newBuilder()
                        .setDeadLetterOffset(7)
                        .setRunId("r1")
                        .build();
            case DEAD_LETTERED ->
                DeadLettered.newBuilder()
                        .setSourceTopic("tutelage.label-requests")
                        .setSourcePartition(3)
                        .setSourceOffset(1L << 33)
                        .setKey(ByteString.copyFromUtf8("r1"))
                        .setValue(ByteString.fromHex("00ff80"))
                        .putHeaders("ce_type", ByteString.copyFromUtf8("x"))
                        .setReason("no request")
                        .addRejected(RejectedItem.newBuilder()
                                .setShard("s1")
                                .setImage("000001")
                                .setReason("no image"))
                        .build();
        };
    }

    static RunRequested request(Stage stage) {
        return RunRequested.newBuilder()
                .setRunId("r1")
                .setTask("birds")
                .setStage(stage)
                .setParent("c1")
                .setDataset(BYTES)
                .setRecipe("{\"views\":2}")
                .setReason("a new teacher")
                .build();
    }
}
