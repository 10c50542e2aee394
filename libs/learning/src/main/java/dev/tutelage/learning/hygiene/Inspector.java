package dev.tutelage.learning.hygiene;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.recipe.HygieneRecipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sorts the images of a shard: held out, labeled before, or to be labeled, and of those the ones that look like an earlier
 * one. Nothing is changed by it, so any number of shards may be inspected at the same time; of two that hold the same image,
 * both then label it.
 */
public final class Inspector {
    private final HygieneRecipe recipe;
    private final HeldOutImages heldOut;
    private final LabeledImages before;

    /** Compares with what is held out and with what has been labeled before. */
    public Inspector(HygieneRecipe recipe, HeldOutImages heldOut, LabeledImages before) {
        this.recipe = recipe;
        this.heldOut = heldOut;
        this.before = before;
    }

    /**
     * Inspects the images of a shard.
     *
     * @param shard its digest. Images that this very shard was found to hold before are no duplicates: it is labeled anew
     */
    public Findings inspect(String shard, ImageSet images) {
        Inspection inspection = new Inspection(shard, images);
        Appearance.Viewer viewer = new Appearance.Viewer(images.shape());
        for (int i = 0; i < images.size(); i++) {
            inspection.take(i, viewer.look(images.pixels(i)));
        }
        return inspection.findings();
    }

    /** One shard on its way. */
    private final class Inspection {
        private final String shard;
        private final ImageSet images;
        private final LabeledImages here;
        private final Set<String> digests = new HashSet<>();
        private final List<Integer> labeled = new ArrayList<>();
        private final List<Long> hashes = new ArrayList<>();
        private final List<Link> links = new ArrayList<>();
        private final List<Resemblance> resemblances = new ArrayList<>();
        private final List<Leak> leaks = new ArrayList<>();

        Inspection(String shard, ImageSet images) {
            this.shard = shard;
            this.images = images;
            this.here = new LabeledImages(recipe, Math.max(1, images.size()));
        }

        void take(int index, Appearance appearance) {
            String digest = images.digest(index);
            Optional<Leak> leak = heldOut.match(index, digest, appearance);
            Optional<String> holder = holder(digest);
            if (leak.isPresent()) {
                leaks.add(leak.get());
            } else if (holder.isPresent()) {
                links.add(new Link(digest, holder.get()));
            } else {
                label(index, digest, appearance.hash());
            }
        }

        private Optional<String> holder(String digest) {
            if (!recipe.labelOnce()) {
                return Optional.empty();
            }
            return digests.contains(digest)
                    ? Optional.of(shard)
                    : before.shardOf(digest).filter(other -> !other.equals(shard));
        }

        private void label(int index, String digest, long hash) {
            Stream.of(before.resembling(digest, hash), here.resembling(digest, hash))
                    .flatMap(Optional::stream)
                    .min((a, b) -> Integer.compare(a.distance(), b.distance()))
                    .ifPresent(resemblances::add);
            digests.add(digest);
            here.add(shard, List.of(digest), List.of(hash));
            labeled.add(index);
            hashes.add(hash);
        }

        Findings findings() {
            return new Findings(labeled, new ImageRelations(hashes, links, resemblances), leaks);
        }
    }
}
