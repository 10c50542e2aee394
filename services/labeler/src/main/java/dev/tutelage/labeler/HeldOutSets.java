package dev.tutelage.labeler;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.hygiene.HeldOutImages;
import dev.tutelage.learning.recipe.HygieneRecipe;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.stages.ShardImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The held-out images of the tasks that were asked for last, kept because every request of a task names the same ones. */
final class HeldOutSets {
    private static final int SETS = 8;

    private final Map<Key, HeldOutImages> sets = new RecentlyUsed<>(SETS);

    private record Key(List<String> shards, ImageShape shape, HygieneRecipe recipe) {}

    /**
     * The images of the shards. Others that ask meanwhile wait, as they are likely to ask for the same.
     *
     * @throws IOException if the store or the disk fails
     */
    synchronized HeldOutImages of(List<Artifact> shards, ImageShape shape, HygieneRecipe recipe, Workspace workspace)
            throws IOException {
        Key key = new Key(shards.stream().map(Artifact::getDigest).toList(), shape, recipe);
        Optional<HeldOutImages> known = Optional.ofNullable(sets.get(key));
        if (known.isPresent()) {
            return known.get();
        }
        List<ImageSet> images = new ArrayList<>();
        for (Artifact shard : shards) {
            Dataset.Part part = new Dataset.Part(shard.getDigest(), shard.getSize(), shard.getName());
            images.add(ShardImages.heldOut(workspace, part, shape));
        }
        HeldOutImages heldOut = HeldOutImages.of(images, recipe);
        sets.put(key, heldOut);
        return heldOut;
    }
}
