package dev.tutelage.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.OutcomeFact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunOutcome;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A task with a teacher, whose soft labels are said step by step as a labeler would, and as one should not. */
final class LabeledTask {
    static final int CLASSES = 2;

    final String name;
    final String teacher;
    private final ArtifactStore store;
    private final Admin admin;
    private final FactLog log;

    LabeledTask(String name, ArtifactStore store, FactLog log, Admin admin) throws Exception {
        this.name = name;
        this.teacher = digest("teacher of " + name);
        this.store = store;
        this.log = log;
        this.admin = admin;
        say(
                TaskDeclared.newBuilder()
                        .setTask(name)
                        .addClasses("wren")
                        .addClasses("robin")
                        .build(),
                CheckpointPublished.newBuilder()
                        .setTask(name)
                        .setDigest(teacher)
                        .setStage(Stage.STAGE_FINE_TUNE)
                        .build(),
                Promoted.newBuilder()
                        .setTask(name)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint(teacher)
                        .build());
    }

    void say(Message... facts) throws Exception {
        log.publish(List.of(facts));
    }

    /** Adds an unlabeled shard with images of these contents, whose keys are the contents too. */
    ShardAdded shard(String... images) throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(tar)) {
            for (int i = 0; i < images.length; i++) {
                writer.add(i + "-" + images[i], images[i].getBytes(UTF_8), OptionalInt.empty());
            }
        }
        ShardAdded added = ShardAdded.newBuilder()
                .setTask(name)
                .setShard(store.put(tar.toByteArray(), "shard.tar"))
                .setImages(images.length)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
        say(added);
        return added;
    }

    /** The run that labels a shard. */
    RunRequested run(ShardAdded shard) {
        return RunRequested.newBuilder()
                .setRunId("label-" + digest(name + shard.getShard().getDigest()).substring(0, 32))
                .setTask(name)
                .setStage(Stage.STAGE_LABEL)
                .setParent(teacher)
                .setDataset(shard.getShard())
                .build();
    }

    RunChanged changed(RunRequested run, RunState state) {
        return RunChanged.newBuilder()
                .setRunId(run.getRunId())
                .setTask(name)
                .setStage(Stage.STAGE_LABEL)
                .setState(state)
                .setParent(run.getParent())
                .setDataset(run.getDataset().getDigest())
                .build();
    }

    RunRequested request(ShardAdded shard) throws Exception {
        RunRequested run = run(shard);
        say(run, changed(run, RunState.RUN_STATE_REQUESTED));
        return run;
    }

    /** The fact of soft labels for images of these contents, whose file is stored. */
    SoftLabelsAdded labels(RunRequested run, String... images) throws IOException {
        return labels(run, file(run, images), images.length);
    }

    /** The fact of soft labels in that file. */
    SoftLabelsAdded labels(RunRequested run, SoftLabelFile file, int images) throws IOException {
        return labels(run, store.put(file.bytes(), "soft-labels.safetensors"), images);
    }

    SoftLabelsAdded labels(RunRequested run, Artifact logits, int images) {
        return SoftLabelsAdded.newBuilder()
                .setTask(name)
                .setShard(run.getDataset().getDigest())
                .setTeacher(run.getParent())
                .setRunId(run.getRunId())
                .setViews(SoftLabelFile.VIEWS)
                .setLogits(logits)
                .setImages(images)
                .setQuality(SoftLabelQuality.newBuilder().addClassCounts(images).addClassCounts(0))
                .build();
    }

    SoftLabelFile file(RunRequested run, String... images) {
        return new SoftLabelFile(
                run.getParent(),
                run.getDataset().getDigest(),
                CLASSES,
                Arrays.stream(images).map(LabeledTask::digest).toList());
    }

    /** Ends a run well, as a labeler does. */
    void end(RunRequested run, Message... facts) throws Exception {
        List<Message> all = new ArrayList<>(List.of(facts));
        all.add(changed(run, RunState.RUN_STATE_SUCCEEDED));
        log.publish(all);
        consumeRequests();
    }

    /** Adds, requests and labels a shard, all as it should be. */
    SoftLabelsAdded labeledShard(String... images) throws Exception {
        RunRequested run = request(shard(images));
        SoftLabelsAdded labels = labels(run, images);
        end(run, labels);
        return labels;
    }

    DeadLettered letter(RunRequested run, String... rejectedKeys) {
        DeadLettered.Builder letter = DeadLettered.newBuilder()
                .setSourceTopic(Topic.LABEL_REQUESTS.topicName())
                .setKey(ByteString.copyFromUtf8(run.getRunId()))
                .setTask(name)
                .setRunId(run.getRunId());
        for (String key : rejectedKeys) {
            letter.addRejected(RejectedItem.newBuilder()
                    .setShard(run.getDataset().getDigest())
                    .setImage(key)
                    .setReason("is no image"));
        }
        return letter.build();
    }

    void storeOutcome(RunRequested run, SoftLabelsAdded labels) {
        RunOutcome outcome = RunOutcome.newBuilder()
                .addFacts(OutcomeFact.newBuilder().setSoftLabelsAdded(labels))
                .build();
        store.putNamed("runs/" + run.getRunId() + "/outcome", outcome.toByteArray());
    }

    /** Commits, as the labelers' group, that all requests that were said so far are done. */
    void consumeRequests() throws Exception {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int i = 0; i < Topic.LABEL_REQUESTS.partitions(); i++) {
            partitions.put(new TopicPartition(Topic.LABEL_REQUESTS.topicName(), i), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        admin.listOffsets(partitions)
                .all()
                .get()
                .forEach((partition, end) -> done.put(partition, new OffsetAndMetadata(end.offset())));
        admin.alterConsumerGroupOffsets("labeler", done).all().get();
    }

    /** The name of the object that holds an artifact. */
    static String objectOf(Artifact artifact) {
        return ArtifactStore.objectName(new Digest(artifact.getDigest()));
    }

    static String digest(String content) {
        return Sha256.of(content.getBytes(UTF_8));
    }
}
