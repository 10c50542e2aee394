package dev.tutelage.cli.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Retention;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.run.Dataset;
import java.util.List;

/** A task on a real broker and store whose facts and bytes come as those of a long life do. */
final class AgingTask {
    final String name;
    private final ArtifactStore store;
    private final FactLog log;
    private final TaskDeclared declaration;
    private int made;

    AgingTask(String name, Retention retention, ArtifactStore store, FactLog log) throws Exception {
        this.name = name;
        this.store = store;
        this.log = log;
        this.declaration = TaskDeclared.newBuilder()
                .setTask(name)
                .addClasses("wren")
                .addClasses("robin")
                .setPolicies(Policies.newBuilder().setRetention(retention))
                .build();
        say(declaration);
    }

    void say(Message... facts) throws Exception {
        log.publish(List.of(facts));
    }

    /** Bytes that are like no others. */
    Artifact bytes(String what) {
        return store.put((what + " " + made++ + " of " + name).getBytes(UTF_8), what);
    }

    ShardAdded shard() throws Exception {
        ShardAdded shard = ShardAdded.newBuilder()
                .setTask(name)
                .setShard(bytes("shard.tar"))
                .setImages(1)
                .build();
        say(shard);
        return shard;
    }

    SoftLabelsAdded labels(ShardAdded shard, CheckpointPublished teacher) throws Exception {
        SoftLabelsAdded labels = SoftLabelsAdded.newBuilder()
                .setTask(name)
                .setShard(shard.getShard().getDigest())
                .setTeacher(teacher.getDigest())
                .setRunId("label-" + made)
                .setLogits(bytes("soft-labels.safetensors"))
                .build();
        say(labels);
        return labels;
    }

    /** Asks for a training. */
    RunRequested request(Stage stage, String parent, List<ShardAdded> shards, List<SoftLabelsAdded> labels)
            throws Exception {
        Dataset dataset = Dataset.of(declaration, shards, List.of(), labels);
        RunRequested request = RunRequested.newBuilder()
                .setRunId(name + "-run-" + made++)
                .setTask(name)
                .setStage(stage)
                .setParent(parent)
                .setDataset(store.put(dataset.toJson(), "dataset.json"))
                .build();
        say(request);
        return request;
    }

    /** Ends a training with a checkpoint, and leaves behind what trainings leave behind. */
    CheckpointPublished end(RunRequested run) throws Exception {
        leave(run);
        Artifact weights = bytes("weights.safetensors");
        CheckpointPublished checkpoint = CheckpointPublished.newBuilder()
                .setTask(name)
                .setStage(run.getStage())
                .setRunId(run.getRunId())
                .setParent(run.getParent())
                .setDataset(run.getDataset().getDigest())
                .addFiles(
                        store.put(("{\"weights\": \"" + weights.getDigest() + "\"}").getBytes(UTF_8), "manifest.json"))
                .addFiles(weights)
                .build();
        CheckpointPublished named = checkpoint.toBuilder()
                .setDigest(checkpoint.getFiles(0).getDigest())
                .build();
        say(
                named,
                RunChanged.newBuilder()
                        .setRunId(run.getRunId())
                        .setTask(name)
                        .setStage(run.getStage())
                        .setState(RunState.RUN_STATE_SUCCEEDED)
                        .build());
        return named;
    }

    /** A snapshot and a note, as of a run that was taken up once. */
    void leave(RunRequested run) {
        store.putNamed("runs/" + run.getRunId() + "/snapshots/000000000000-1-" + "ab".repeat(32), new byte[10]);
        store.putNamed("runs/" + run.getRunId() + "/attempts/000001-w", new byte[0]);
        store.putNamed("runs/" + run.getRunId() + "/outcome", new byte[0]);
    }

    CheckpointPublished train(Stage stage, String parent) throws Exception {
        return end(request(stage, parent, List.of(), List.of()));
    }

    void promote(Role role, CheckpointPublished checkpoint) throws Exception {
        say(Promoted.newBuilder()
                .setTask(name)
                .setRole(role)
                .setCheckpoint(checkpoint.getDigest())
                .build());
    }

    void judge(Role role, CheckpointPublished checkpoint, Verdict verdict) throws Exception {
        say(CandidateJudged.newBuilder()
                .setTask(name)
                .setRole(role)
                .setCheckpoint(checkpoint.getDigest())
                .setVerdict(verdict)
                .build());
    }
}
