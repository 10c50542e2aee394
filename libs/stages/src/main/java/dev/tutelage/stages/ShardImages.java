package dev.tutelage.stages;

import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.RejectedImage;
import dev.tutelage.learning.data.ShardContents;
import dev.tutelage.learning.data.ShardLimits;
import dev.tutelage.learning.data.ShardReader;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.ArtifactStoreException.Kind;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.Workspace;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The images of a dataset's shards. What cannot be used is left out and noted in the workspace, from where it becomes a
 * dead letter; the rest is used. Pixels lie in mapped files in the run's directory rather than on the heap.
 */
public final class ShardImages {

    private ShardImages() {}

    /** The shape of a dataset's images. */
    public static ImageShape shape(Dataset dataset) {
        return new ImageShape(
                dataset.image().channels(),
                dataset.image().height(),
                dataset.image().width());
    }

    /** Images without labels. */
    public static ImageSet unlabeled(Workspace workspace, Dataset dataset, List<Dataset.Part> shards)
            throws IOException, RunRejectedException {
        return all(workspace, shards, shape(dataset), OptionalInt.empty());
    }

    /** Images with labels, each an index into the dataset's classes. */
    public static ImageSet labeled(Workspace workspace, Dataset dataset, List<Dataset.Part> shards)
            throws IOException, RunRejectedException {
        return all(
                workspace,
                shards,
                shape(dataset),
                OptionalInt.of(dataset.classes().size()));
    }

    /** The images of one shard, possibly none. */
    public static ImageSet of(Workspace workspace, Dataset.Part shard, ImageShape shape, OptionalInt classes)
            throws IOException {
        return of(
                workspace,
                shard,
                shape,
                classes,
                image -> workspace.reject(shard.digest(), image.key(), kind(image.kind()), image.reason()));
    }

    /**
     * The images of a shard that checkpoints are evaluated on, to be compared with others; possibly none. Which of them
     * cannot be used is noted where they are evaluated on.
     */
    public static ImageSet heldOut(Workspace workspace, Dataset.Part shard, ImageShape shape) throws IOException {
        return of(workspace, shard, shape, OptionalInt.empty(), image -> {});
    }

    private static ImageSet of(
            Workspace workspace,
            Dataset.Part shard,
            ImageShape shape,
            OptionalInt classes,
            Consumer<RejectedImage> unusable)
            throws IOException {
        try {
            ShardContents contents = read(workspace, shard, shape, classes);
            contents.rejected().forEach(unusable);
            contents.damage().ifPresent(damage -> rejectShard(workspace, shard, damage));
            return contents.images();
        } catch (ArtifactStoreException e) {
            if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.CORRUPT) {
                throw e;
            }
            rejectShard(workspace, shard, e.getMessage());
            return ImageSet.of(
                    shape,
                    List.of(),
                    new byte[0],
                    List.of(),
                    classes.isPresent() ? Optional.of(new int[0]) : Optional.empty());
        }
    }

    private static void rejectShard(Workspace workspace, Dataset.Part shard, String reason) {
        workspace.reject(shard.digest(), "", RejectionKind.REJECTION_KIND_DAMAGED_SHARD, reason);
    }

    private static ShardContents read(Workspace workspace, Dataset.Part shard, ImageShape shape, OptionalInt classes)
            throws IOException {
        try (InputStream tar = new BufferedInputStream(Files.newInputStream(workspace.fetch(shard.artifact())))) {
            Path pixels =
                    Files.createTempDirectory(workspace.directory(), "pixels-").resolve(shard.digest());
            return ShardReader.readMapped(tar, shape, classes, ShardLimits.DEFAULT, pixels);
        }
    }

    private static RejectionKind kind(dev.tutelage.learning.data.RejectionKind kind) {
        return switch (kind) {
            case UNREADABLE -> RejectionKind.REJECTION_KIND_UNREADABLE;
            case TRUNCATED -> RejectionKind.REJECTION_KIND_TRUNCATED;
            case TOO_LARGE -> RejectionKind.REJECTION_KIND_TOO_LARGE;
            case ANIMATED -> RejectionKind.REJECTION_KIND_ANIMATED;
            case UNSUPPORTED_FORMAT -> RejectionKind.REJECTION_KIND_UNSUPPORTED_FORMAT;
            case WRONG_CHANNELS -> RejectionKind.REJECTION_KIND_WRONG_CHANNELS;
            case BAD_LABEL -> RejectionKind.REJECTION_KIND_BAD_LABEL;
            case BAD_KEY -> RejectionKind.REJECTION_KIND_BAD_KEY;
            case MISSING -> RejectionKind.REJECTION_KIND_MISSING;
        };
    }

    private static ImageSet all(Workspace workspace, List<Dataset.Part> shards, ImageShape shape, OptionalInt classes)
            throws IOException, RunRejectedException {
        List<ImageSet> sets = new ArrayList<>();
        for (Dataset.Part shard : shards) {
            ImageSet images = of(workspace, shard, shape, classes);
            if (images.size() > 0) {
                sets.add(images);
            }
        }
        if (sets.isEmpty()) {
            throw new RunRejectedException("None of its " + shards.size()
                    + " shards holds a usable image; the reasons are in its dead letter. Add good shards");
        }
        return ImageSet.concat(sets);
    }
}
