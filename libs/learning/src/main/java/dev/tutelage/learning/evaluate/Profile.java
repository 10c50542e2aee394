package dev.tutelage.learning.evaluate;

import java.util.Arrays;
import java.util.List;

/**
 * How a classifier sees a set of images. Watched over time, it tells when images drift away from those that the classifier
 * knows. Profiles of parts add up to that of the whole.
 *
 * @param confidenceHistogram images by the probability of the likeliest class, in {@value #BINS} bins of equal width from 0
 *     to 1; 1 itself is in the last
 * @param classCounts images by likeliest class
 */
public record Profile(List<Long> confidenceHistogram, List<Long> classCounts) {
    /** Bins of the confidence histogram. */
    public static final int BINS = 10;

    public Profile {
        confidenceHistogram = List.copyOf(confidenceHistogram);
        classCounts = List.copyOf(classCounts);
        if (confidenceHistogram.size() != BINS) {
            throw new IllegalArgumentException(
                    "a confidence histogram has " + BINS + " bins, not " + confidenceHistogram.size());
        }
    }

    /** How many images it is of. */
    public long images() {
        return classCounts.stream().mapToLong(Long::longValue).sum();
    }

    /** A profile in the making. */
    public static final class Tally {
        private final Long[] histogram = new Long[BINS];
        private final Long[] counts;

        public Tally(int classes) {
            counts = new Long[classes];
            Arrays.fill(histogram, 0L);
            Arrays.fill(counts, 0L);
        }

        /** Adds an image with these probabilities of its classes. Of classes that are equally likely the first counts. */
        public void add(double[] probabilities) {
            int likeliest = 0;
            for (int c = 1; c < probabilities.length; c++) {
                likeliest = probabilities[c] > probabilities[likeliest] ? c : likeliest;
            }
            histogram[Math.min(BINS - 1, (int) (probabilities[likeliest] * BINS))]++;
            counts[likeliest]++;
        }

        public Profile profile() {
            return new Profile(List.of(histogram), List.of(counts));
        }
    }

    /** The probabilities of the classes from {@code classes} logits that begin at {@code from}, at temperature 1. */
    public static double[] softmax(float[] logits, int from, int classes) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            greatest = Math.max(greatest, logits[from + c]);
        }
        double[] probabilities = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            // Strict: what is selected by this must be the same on every machine.
            probabilities[c] = StrictMath.exp(logits[from + c] - greatest);
            sum += probabilities[c];
        }
        for (int c = 0; c < classes; c++) {
            probabilities[c] /= sum;
        }
        return probabilities;
    }
}
