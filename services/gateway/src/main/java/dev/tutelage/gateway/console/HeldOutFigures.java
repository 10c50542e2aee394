package dev.tutelage.gateway.console;

import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.evaluate.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a classifier does on held-out images, class by class and by how sure it is.
 *
 * @param confusion [class][predicted class] images
 * @param bins the likeliest class's probability in {@link HeldOutPredictions#CALIBRATION_BINS} bins of equal width, those of
 *     the calibration error, the least first
 */
record HeldOutFigures(List<List<Integer>> confusion, List<Bin> bins) {

    /**
     * The images whose likeliest class has a probability above {@code from} and up to {@code to}.
     *
     * @param confidence mean of that probability; not a number where there is no image
     * @param accuracy share that is right, 0 to 1; not a number where there is no image
     */
    record Bin(double from, double to, int images, double confidence, double accuracy) {}

    HeldOutFigures {
        confusion = List.copyOf(confusion);
        bins = List.copyOf(bins);
    }

    static HeldOutFigures of(HeldOutPredictions predictions) {
        return new HeldOutFigures(confusion(predictions), bins(predictions));
    }

    private static List<List<Integer>> confusion(HeldOutPredictions predictions) {
        Integer[][] counts = new Integer[predictions.classes()][predictions.classes()];
        for (Integer[] row : counts) {
            Arrays.fill(row, 0);
        }
        for (int image = 0; image < predictions.size(); image++) {
            counts[predictions.label(image)][predictions.predicted(image)]++;
        }
        return Arrays.stream(counts).map(row -> List.of(row)).toList();
    }

    private static List<Bin> bins(HeldOutPredictions predictions) {
        int all = HeldOutPredictions.CALIBRATION_BINS;
        int[] images = new int[all];
        int[] right = new int[all];
        double[] confidence = new double[all];
        for (int image = 0; image < predictions.size(); image++) {
            int predicted = predictions.predicted(image);
            double likeliest = Profile.softmax(
                    predictions.logits(), image * predictions.classes(), predictions.classes())[predicted];
            int bin = Math.max(0, (int) Math.ceil(likeliest * all) - 1);
            images[bin]++;
            confidence[bin] += likeliest;
            right[bin] += predicted == predictions.label(image) ? 1 : 0;
        }
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < all; bin++) {
            double count = images[bin] == 0 ? Double.NaN : images[bin];
            bins.add(new Bin(
                    (double) bin / all, (bin + 1.0) / all, images[bin], confidence[bin] / count, right[bin] / count));
        }
        return bins;
    }
}
