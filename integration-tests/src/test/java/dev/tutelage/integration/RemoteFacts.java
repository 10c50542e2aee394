package dev.tutelage.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/** What is said of a task that the commands have something to do with. */
record RemoteFacts(String task, ArtifactStore store) {

    static String digest(String name) {
        return Sha256.of(name.getBytes(UTF_8));
    }

    static String run(String name) {
        return "pretrain-" + digest(name);
    }

    /**
     * Two runs that work and three that have failed, the last with two dead letters; two candidates for student that wait, one that
     * was not judged; a teacher that has labeled one image.
     */
    List<Message> all() {
        List<Message> facts = new ArrayList<>();
        List.of("one", "two").forEach(name -> facts.addAll(run(name, RunState.RUN_STATE_STARTED)));
        List.of("three", "four", "five").forEach(name -> facts.addAll(run(name, RunState.RUN_STATE_FAILED)));
        facts.add(CancellationRequested.newBuilder()
                .setTask(task)
                .setRunId(run("three"))
                .setReason("a newer one")
                .setBy(run("one"))
                .build());
        facts.add(letter("no image can be read\nsee the shard"));
        facts.add(letter("the same again"));
        facts.add(checkpoint("teacher", 80));
        facts.add(checkpoint("first", 61));
        facts.add(checkpoint("second", 61));
        facts.add(checkpoint("third", 63));
        facts.add(waiting("first"));
        facts.add(waiting("second"));
        facts.add(Promoted.newBuilder()
                .setTask(task)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(digest("teacher"))
                .build());
        facts.addAll(labels());
        return facts;
    }

    private List<Message> run(String name, RunState state) {
        RunRequested request = RunRequested.newBuilder()
                .setRunId(run(name))
                .setTask(task)
                .setStage(Stage.STAGE_PRETRAIN)
                .setReason("6,000 images came")
                .setNumber(2)
                .addEvidence(Evidence.newBuilder()
                        .setWhat("the task was declared")
                        .setTopic("tutelage.tasks")
                        .setKey(task))
                .addEvidence(Evidence.newBuilder().setWhat("it is night"))
                .build();
        RunChanged changed = RunChanged.newBuilder()
                .setRunId(run(name))
                .setTask(task)
                .setStage(Stage.STAGE_PRETRAIN)
                .setState(state)
                .setAttempt(1)
                .setWorker("a-worker")
                .setMessage("so it is")
                .build();
        return List.of(request, changed);
    }

    private DeadLettered letter(String reason) {
        return DeadLettered.newBuilder()
                .setTask(task)
                .setRunId(run("five"))
                .setSourceTopic("tutelage.pretrain-requests")
                .setSourcePartition(3)
                .setSourceOffset(17)
                .setKey(ByteString.copyFromUtf8(run("five")))
                .setValue(ByteString.copyFromUtf8("no message"))
                .putHeaders("ce_type", ByteString.copyFromUtf8("dev.tutelage.RunRequested.v1"))
                .setService("pretrainer")
                .setReason(reason)
                .addRejected(RejectedItem.newBuilder()
                        .setShard("a-shard")
                        .setImage("7")
                        .setReason("is no image"))
                .build();
    }

    private CheckpointPublished checkpoint(String name, double top1) {
        return CheckpointPublished.newBuilder()
                .setTask(task)
                .setDigest(digest(name))
                .setStage(Stage.STAGE_DISTILL)
                .putMetrics("top1", top1)
                .addFiles(Artifact.newBuilder().setName("model.onnx"))
                .build();
    }

    private CandidateJudged waiting(String name) {
        return CandidateJudged.newBuilder()
                .setTask(task)
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(digest(name))
                .setVerdict(Verdict.VERDICT_AWAITING_APPROVAL)
                .setEvidence(GateEvidence.newBuilder().setReason("good enough"))
                .build();
    }

    private List<Message> labels() {
        Artifact shard = store.put(tar(), "shard.tar");
        return List.of(
                ShardAdded.newBuilder()
                        .setTask(task)
                        .setShard(shard)
                        .setImages(1)
                        .setSplit(Split.SPLIT_TRAIN)
                        .build(),
                SoftLabelsAdded.newBuilder()
                        .setTask(task)
                        .setShard(shard.getDigest())
                        .setTeacher(digest("teacher"))
                        .setImages(1)
                        .setLogits(store.put(softLabels(), "soft-labels.safetensors"))
                        .build());
    }

    /** An image, which is none: nobody looks at it. */
    private static byte[] tar() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (ShardWriter shard = new ShardWriter(tar)) {
            shard.add("folder/image", "image".getBytes(UTF_8), OptionalInt.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tar.toByteArray();
    }

    /** One image, as likely of each of ten classes. */
    private static byte[] softLabels() {
        String header = "{\"image_digests\":{\"dtype\":\"U8\",\"shape\":[1,32],\"data_offsets\":[0,32]},"
                + "\"logits\":{\"dtype\":\"F32\",\"shape\":[1,1,10],\"data_offsets\":[32,72]}}";
        byte[] padded = (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + padded.length + 72).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded.length).put(padded).put(HexFormat.of().parseHex(digest("image")));
        return file.array();
    }
}
