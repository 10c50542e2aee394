package dev.tutelage.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.run.Dataset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A task whose trainings are said step by step as pretrainers would, and as they should not. Nothing is trained. */
final class TrainedTask {
    final String name;
    private final ArtifactStore store;
    private final FactLog log;
    private final Admin admin;
    private final TaskDeclared declared;
    final ShardAdded shard;

    TrainedTask(String name, ArtifactStore store, FactLog log, Admin admin) throws Exception {
        this.name = name;
        this.store = store;
        this.log = log;
        this.admin = admin;
        this.declared =
                TaskDeclared.newBuilder().setTask(name).addClasses("wren").build();
        this.shard = ShardAdded.newBuilder()
                .setTask(name)
                .setShard(store.put(("shard of " + name).getBytes(UTF_8), "shard.tar"))
                .setImages(3)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
        say(declared, shard);
    }

    void say(Message... facts) throws Exception {
        log.publish(List.of(facts));
    }

    /** A pretraining on some shards. */
    RunRequested run(String id, ShardAdded... shards) {
        byte[] dataset =
                Dataset.of(declared, List.of(shards), List.of(), List.of()).toJson();
        return RunRequested.newBuilder()
                .setRunId(name + "-" + id)
                .setTask(name)
                .setStage(Stage.STAGE_PRETRAIN)
                .setDataset(store.put(dataset, "dataset.json"))
                .build();
    }

    RunChanged changed(RunRequested run, RunState state) {
        return RunChanged.newBuilder()
                .setRunId(run.getRunId())
                .setTask(name)
                .setStage(run.getStage())
                .setState(state)
                .setRetry(run.getRetry())
                .build();
    }

    /** A checkpoint whose files are stored. */
    CheckpointPublished checkpoint(RunRequested run, String weights) {
        Artifact file = store.put(weights.getBytes(UTF_8), "weights.safetensors");
        Artifact manifest = store.put(manifest(file).getBytes(UTF_8), "manifest.json");
        return CheckpointPublished.newBuilder()
                .setTask(name)
                .setDigest(manifest.getDigest())
                .setStage(run.getStage())
                .setRunId(run.getRunId())
                .addFiles(manifest)
                .addFiles(file)
                .build();
    }

    private String manifest(Artifact weights) {
        return """
                {"formatVersion": 1, "task": "%s", "stage": "imported",
                 "architecture": {"kind": "pretrained",
                   "encoder": {"kind": "resnet", "channels": 3, "width": 4, "blocks": [1], "block": "BASIC",
                     "stem": "CIFAR", "selectiveKernels": false},
                   "head": {"inputWidth": 4, "depth": 1, "outputWidth": 2}},
                 "classes": [], "images": {"channels": 3, "height": 8, "width": 8},
                 "recipe": {"kind": "import"}, "dataset": "", "seed": 1, "versions": {}, "metrics": {},
                 "parameters": 12,
                 "files": [{"name": "weights.safetensors", "sha256": "%s", "size": %d}]}
                """.formatted(name, weights.getDigest(), weights.getSize());
    }

    /** Asks for a run and ends it well with that checkpoint. */
    CheckpointPublished trained(RunRequested run, String weights) throws Exception {
        CheckpointPublished checkpoint = checkpoint(run, weights);
        say(run, checkpoint, changed(run, RunState.RUN_STATE_SUCCEEDED));
        consumeRequests();
        return checkpoint;
    }

    /** What the gate says when it promotes. */
    Promoted promoted(String checkpoint, double top1, String previous, double holder) {
        return Promoted.newBuilder()
                .setTask(name)
                .setRole(Role.ROLE_STUDENT)
                .setCheckpoint(checkpoint)
                .setPrevious(previous)
                .setEvidence(GateEvidence.newBuilder()
                        .setCandidateTop1(top1)
                        .setHolderTop1(holder)
                        .setMinTop1(10))
                .build();
    }

    /** Commits, as the pretrainers' group, that all requests that were said so far are done. */
    void consumeRequests() throws Exception {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int i = 0; i < Topic.PRETRAIN_REQUESTS.partitions(); i++) {
            partitions.put(new TopicPartition(Topic.PRETRAIN_REQUESTS.topicName(), i), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        admin.listOffsets(partitions)
                .all()
                .get()
                .forEach((partition, end) -> done.put(partition, new OffsetAndMetadata(end.offset())));
        admin.alterConsumerGroupOffsets("pretrainer", done).all().get();
    }

    /** The name of the object that holds an artifact. */
    static String objectOf(Artifact artifact) {
        return ArtifactStore.objectName(new Digest(artifact.getDigest()));
    }
}
