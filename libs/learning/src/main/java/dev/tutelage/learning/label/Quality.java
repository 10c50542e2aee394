package dev.tutelage.learning.label;

import java.util.Arrays;
import java.util.List;

/**
 * How sure a teacher is of a set of images, from its probabilities at temperature 1, averaged over the views of each
 * image. Watched over time, these tell when the images drift away from what the teacher knows.
 *
 * @param meanConfidence the mean over images of the likeliest class's probability, 1 / classes to 1
 * @param meanEntropy the mean over images of the probabilities' entropy in nats, 0 to ln(classes)
 * @param classCounts how many images have each class as the likeliest
 */
public record Quality(double meanConfidence, double meanEntropy, List<Integer> classCounts) {
    public Quality {
        classCounts = List.copyOf(classCounts);
    }

    /**
     * The statistics of the labels.
     *
     * @throws IllegalArgumentException if they label no image
     */
    public static Quality of(SoftLabels labels) {
        if (labels.size() == 0) {
            throw new IllegalArgumentException("soft labels of no image have no quality");
        }
        double confidence = 0;
        double entropy = 0;
        Integer[] counts = new Integer[labels.classes()];
        Arrays.fill(counts, 0);
        for (int image = 0; image < labels.size(); image++) {
            double[] probabilities = labels.probabilities(image);
            for (double probability : probabilities) {
                entropy -= probability > 0 ? probability * Math.log(probability) : 0;
            }
            Prediction prediction = Prediction.of(probabilities);
            confidence += prediction.confidence();
            counts[prediction.likeliest()]++;
        }
        return new Quality(confidence / labels.size(), entropy / labels.size(), List.of(counts));
    }
}
