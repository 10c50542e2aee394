package dev.tutelage.platform.run;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What a run has at hand: a directory of its own, the artifact store, its snapshots, and a way to say how it goes. */
public final class Workspace {
    /** Of what was left out; leaves room for the record itself in a dead letter. */
    private static final int LISTED_BYTES = 512 << 10;

    private static final int TOLD = 3;

    private final Path directory;
    private final ArtifactStore store;
    private final SnapshotStore snapshots;
    private final Consumer<RunProgressed.Builder> progress;
    private final BooleanSupplier stopRequested;
    private final List<RejectedItem> rejected = new ArrayList<>();
    private int rejectedBytes;
    private final Map<RejectionKind, Integer> rejectedImages = new EnumMap<>(RejectionKind.class);
    private int unlisted;

    Workspace(
            Path directory,
            ArtifactStore store,
            SnapshotStore snapshots,
            Consumer<RunProgressed.Builder> progress,
            BooleanSupplier stopRequested) {
        this.directory = directory;
        this.store = store;
        this.snapshots = snapshots;
        this.progress = progress;
        this.stopRequested = stopRequested;
    }

    /** An empty directory that is removed after the run. */
    public Path directory() {
        return directory;
    }

    /** Fetches an artifact, verified, into the run's directory. */
    public Path fetch(Artifact artifact) throws IOException {
        Path target = Files.createDirectories(directory.resolve("fetched")).resolve(artifact.getDigest());
        if (Files.notExists(target)) {
            store.fetch(artifact, target);
        }
        return target;
    }

    /** Stores a file; when this returns it is durable. */
    public Artifact store(Path file, String name) {
        return store.put(file, name);
    }

    /** The run's dataset, as the request names it. */
    public Dataset dataset(Artifact manifest) throws IOException, RunRejectedException {
        return Dataset.ofJson(Files.readAllBytes(fetch(manifest)));
    }

    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** Says how the run is getting on. Cheap and never fails; what cannot be said is dropped. */
    public void report(RunProgressed.Builder how) {
        progress.accept(how);
    }

    /** Whether the run should leave a snapshot and stop: the service is shutting down or has lost the request. */
    public boolean stopRequested() {
        return stopRequested.getAsBoolean();
    }

    /**
     * Notes that a part of the input was left out. All of these become one dead letter when the run ends; of a great many
     * it lists the first and tells how many more there are.
     *
     * @param shard digest of the shard
     * @param image key of the image, or empty for the shard as a whole
     * @param kind what kind of reason it is
     * @param reason what is wrong with it
     */
    public void reject(String shard, String image, RejectionKind kind, String reason) {
        if (!image.isEmpty()) {
            rejectedImages.merge(kind, 1, Integer::sum);
        }
        RejectedItem item = RejectedItem.newBuilder()
                .setShard(shard)
                .setImage(image)
                .setReason(reason)
                .setKind(kind)
                .build();
        if (rejectedBytes + item.getSerializedSize() <= LISTED_BYTES) {
            rejectedBytes += item.getSerializedSize();
            rejected.add(item);
        } else {
            unlisted++;
        }
    }

    /** How many images were left out so far, by kind; shards as a whole are not counted. */
    public Map<RejectionKind, Integer> rejectedImages() {
        return Collections.unmodifiableMap(rejectedImages);
    }

    /** What was left out so far and why, for people; the first few of many. */
    public String rejections() {
        return rejected.stream()
                .limit(TOLD)
                .map(item -> item.getImage().isEmpty() ? item.getReason() : item.getImage() + " " + item.getReason())
                .collect(Collectors.joining("; "));
    }

    List<RejectedItem> rejected() {
        List<RejectedItem> items = new ArrayList<>(rejected);
        if (unlisted > 0) {
            items.add(RejectedItem.newBuilder()
                    .setReason(unlisted + " more were left out; this list is cut to keep the dead letter small")
                    .build());
        }
        return items;
    }
}
