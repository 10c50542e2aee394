package dev.tutelage.cli.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import dev.tutelage.cli.gc.Mentions;
import dev.tutelage.cli.gc.RunEnds;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.BackedUpHeader;
import dev.tutelage.event.v1.BackedUpRecord;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which objects the records of a backup need. */
final class Needed {
    private final DigestTable named = new DigestTable();
    /** Artifacts that must be there. */
    private final DigestTable artifacts = new DigestTable();

    private final Map<String, Artifact> manifests = new LinkedHashMap<>();
    private final RunEnds runs = new RunEnds();

    /** Takes note of what a record needs. */
    void note(String topic, BackedUpRecord kept) {
        Map<String, String> headers = new HashMap<>();
        for (BackedUpHeader header : kept.getHeadersList()) {
            headers.put(header.getName(), header.getValue().toString(UTF_8));
        }
        try {
            note(
                    FactCodec.decode(topic, headers, kept.getValue().toByteArray())
                            .payload(),
                    Instant.ofEpochMilli(kept.getTimestamp()));
        } catch (MalformedEventException e) {
            // It is kept as it is; whoever reads it will find that it is no fact.
            return;
        }
    }

    /** Takes note of what a fact needs that was said at that time, or that will be. */
    void note(Message fact, Instant said) {
        if (fact instanceof ArtifactsExpired expiration) {
            expiration.getArtifactsList().forEach(artifact -> artifacts.put(new Digest(artifact.getDigest()), -1));
            return;
        }
        Mentions.in(fact, this::name);
        if (fact instanceof ShardAdded shard) {
            require(List.of(shard.getShard()));
        } else if (fact instanceof SoftLabelsAdded labels) {
            require(List.of(labels.getLogits()));
            runs.succeeded(labels.getRunId(), said);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            require(checkpoint.getFilesList());
            checkpoint.getFilesList().stream().limit(1).forEach(this::addManifest);
        } else if (fact instanceof RunRequested request) {
            runs.requested(request.getRunId(), request.getRetry());
            if (request.getStage() != Stage.STAGE_LABEL) {
                require(List.of(request.getDataset()));
                addManifest(request.getDataset());
            }
        } else if (fact instanceof RunChanged run) {
            runs.changed(run, said);
        }
    }

    private void addManifest(Artifact manifest) {
        manifests.put(manifest.getDigest(), manifest);
    }

    private void require(List<Artifact> some) {
        for (Artifact artifact : some) {
            Digest digest = new Digest(artifact.getDigest());
            if (!artifacts.contains(digest)) {
                artifacts.put(digest, artifact.getSize());
            }
        }
    }

    /** Takes note that something names an artifact, or what only looks like one. */
    void name(Digest digest) {
        named.put(digest, 0);
    }

    /** Whether anything names that artifact. */
    boolean names(Digest digest) {
        return named.contains(digest);
    }

    /** Takes note that an artifact is there. */
    void found(Digest digest) {
        artifacts.remove(digest);
    }

    /** The artifacts that facts name and that were not found, though nothing says that they have expired. */
    List<Digest> missing() {
        List<Digest> missing = new ArrayList<>();
        artifacts.forEach((digest, size) -> {
            if (size >= 0) {
                missing.add(digest);
            }
        });
        return missing;
    }

    /** Manifests of datasets and checkpoints, which name artifacts too. */
    List<Artifact> manifests() {
        return List.copyOf(manifests.values());
    }

    /** Whether somebody wants the run, and it is not at its end. */
    boolean isOpen(String runId) {
        return runs.knows(runId) && runs.end(runId).isEmpty();
    }
}
