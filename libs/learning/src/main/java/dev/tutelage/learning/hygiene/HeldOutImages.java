package dev.tutelage.learning.hygiene;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.recipe.HygieneRecipe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The images that checkpoints are evaluated on, to recognise copies of them: equal bytes, or a hash and then a thumbnail
 * that are alike, because hashes alone collide (of 12,000 training images of the Fashion-MNIST sample, 2,414 have a hash
 * within 8 bits of one of 2,000 test images, and none of them is the same image). Some 500 bytes an image. Immutable.
 */
public final class HeldOutImages {
    private final HygieneRecipe recipe;
    private final Map<String, Integer> digests = new HashMap<>();
    private final List<String> keys = new ArrayList<>();
    private final List<byte[]> thumbnails = new ArrayList<>();
    private final Optional<HammingIndex> hashes;

    private HeldOutImages(HygieneRecipe recipe, int images) {
        this.recipe = recipe;
        this.hashes = recipe.heldOutDistance() < 0 || images == 0
                ? Optional.empty()
                : Optional.of(new HammingIndex(recipe.heldOutDistance(), images, images));
    }

    /** Nothing is held out. */
    public static HeldOutImages none(HygieneRecipe recipe) {
        return new HeldOutImages(recipe, 0);
    }

    /** The images of some sets, all of one shape. */
    public static HeldOutImages of(List<ImageSet> sets, HygieneRecipe recipe) {
        HeldOutImages heldOut =
                new HeldOutImages(recipe, sets.stream().mapToInt(ImageSet::size).sum());
        for (ImageSet images : sets) {
            Appearance.Viewer viewer = new Appearance.Viewer(images.shape());
            for (int i = 0; i < images.size(); i++) {
                heldOut.add(images.key(i), images.digest(i), viewer.look(images.pixels(i)));
            }
        }
        return heldOut;
    }

    private void add(String key, String digest, Appearance appearance) {
        digests.putIfAbsent(digest, keys.size());
        keys.add(key);
        hashes.ifPresent(index -> {
            index.add(appearance.hash());
            thumbnails.add(appearance.thumbnail());
        });
    }

    /** How many there are. */
    public int size() {
        return keys.size();
    }

    /**
     * The held-out image that an image is a copy of.
     *
     * @param index of the image, for the result
     */
    Optional<Leak> match(int index, String digest, Appearance appearance) {
        Optional<Integer> same = Optional.ofNullable(digests.get(digest));
        if (same.isPresent()) {
            return Optional.of(new Leak(index, keys.get(same.get()), true, 0, 0));
        }
        LongPredicate looksAlike = position -> difference(appearance, position) <= recipe.heldOutDifference();
        return hashes.flatMap(all -> all.nearest(appearance.hash(), looksAlike))
                .map(found -> new Leak(
                        index,
                        keys.get((int) found.position()),
                        false,
                        found.distance(),
                        difference(appearance, found.position())));
    }

    private double difference(Appearance appearance, long position) {
        return Thumbnail.difference(appearance.thumbnail(), thumbnails.get((int) position));
    }
}
