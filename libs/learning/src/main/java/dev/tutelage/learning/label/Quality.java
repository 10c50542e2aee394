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
            double[] probabilities = meanProbabilities(labels, image);
            int likeliest = 0;
            for (int c = 0; c < probabilities.length; c++) {
                likeliest = probabilities[c] > probabilities[likeliest] ? c : likeliest;
                entropy -= probabilities[c] > 0 ? probabilities[c] * Math.log(probabilities[c]) : 0;
            }
            confidence += probabilities[likeliest];
            counts[likeliest]++;
        }
        return new Quality(confidence / labels.size(), entropy / labels.size(), List.of(counts));
    }

    private static double[] meanProbabilities(SoftLabels labels, int image) {
        double[] mean = new double[labels.classes()];
        for (int view = 0; view < labels.views(); view++) {
            float[] logits = labels.logits(image, view);
            double greatest = Double.NEGATIVE_INFINITY;
            for (float logit : logits) {
                greatest = Math.max(greatest, logit);
            }
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit - greatest);
            }
            for (int c = 0; c < mean.length; c++) {
                mean[c] += Math.exp(logits[c] - greatest) / sum / labels.views();
            }
        }
        return mean;
    }
}
