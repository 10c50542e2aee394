package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Parts of labeled images with the same number of each class, as the paper's 1% and 10% are. */
final class LabeledSubset {

    private LabeledSubset() {}

    /**
     * The part of the labeled images that a recipe uses. Equal seeds give nested parts: the images of a smaller fraction
     * are among those of a larger one.
     *
     * @param fraction more than 0 and at most 1, which is all of them
     * @param seed the recipe's
     */
    static ImageSet used(ImageSet labeled, double fraction, Seed seed) {
        return fraction == 1 ? labeled : labeled.subset(draw(labeled, fraction, seed.of("label fraction")));
    }

    /**
     * Draws the same number of each class, 1 at least; a class that has fewer gives all it has.
     *
     * @param fraction of all images
     * @return numbers of images, ascending
     */
    static int[] draw(ImageSet labeled, double fraction, Seed seed) {
        TreeMap<Integer, List<Integer>> classes = new TreeMap<>();
        for (int image : seed.permutation(labeled.size())) {
            classes.computeIfAbsent(labeled.label(image).orElse(-1), none -> new ArrayList<>())
                    .add(image);
        }
        int perClass = (int) Math.max(1, Math.round(fraction * labeled.size() / classes.size()));
        return classes.values().stream()
                .flatMap(members -> members.subList(0, Math.min(perClass, members.size())).stream())
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** The numbers below the size that are not among those given, ascending. */
    static int[] others(int size, int[] numbers) {
        boolean[] given = new boolean[size];
        IntStream.of(numbers).forEach(number -> given[number] = true);
        return IntStream.range(0, size).filter(number -> !given[number]).toArray();
    }
}
