package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a classifier says of held-out images: from this follows how good it is, and, image by image, whether it is better
 * than another one.
 */
public final class HeldOutPredictions {
    /** Bins of the calibration error. */
    public static final int CALIBRATION_BINS = 15;

    private final int classes;
    private final float[] logits;
    private final int[] labels;
    private final List<String> digests;

    /**
     * @param logits [N * classes] in row-major order, finite
     * @param labels N, each 0..classes-1
     * @param digests N, the SHA-256 of each image's encoded bytes, in hex
     * @throws IllegalArgumentException if there is no image, the sizes do not agree, a label is no class, or a logit is not
     *     finite, naming the image
     */
    public HeldOutPredictions(int classes, float[] logits, int[] labels, List<String> digests) {
        this.classes = classes;
        this.logits = logits;
        this.labels = labels;
        this.digests = List.copyOf(digests);
        if (labels.length == 0) {
            throw new IllegalArgumentException("accuracy needs 1 held-out image or more");
        }
        if (classes < 1 || labels.length != digests.size() || logits.length != (long) labels.length * classes) {
            throw new IllegalArgumentException("predictions of " + digests.size() + " held-out images and " + classes
                    + " classes cannot have " + labels.length + " labels and " + logits.length + " logits");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("held-out image " + digests.get(i) + " has label " + labels[i]
                        + "; needed is 0.." + (classes - 1));
            }
        }
        for (int i = 0; i < logits.length; i++) {
            if (!Float.isFinite(logits[i])) {
                throw new IllegalArgumentException("the classifier gives " + logits[i] + " for the held-out image "
                        + digests.get(i / classes) + ": its weights are broken");
            }
        }
    }

    /**
     * Asks a classifier, in evaluation and without augmentation.
     *
     * @param labeled 1 labeled image or more
     * @throws IllegalArgumentException if there is no image, an image has no label, or what the classifier says of one is
     *     not finite, naming it
     */
    public static HeldOutPredictions of(Classifier classifier, Weights weights, ImageSet labeled) {
        int classes = classifier.classes();
        float[] all = new float[Math.multiplyExact(labeled.size(), classes)];
        for (int[] batch : Batches.of(labeled.size())) {
            try (NDManager scope = weights.newScope()) {
                NDArray logits = classifier.logits(weights, labeled.batch(scope, batch), Mode.EVALUATION);
                System.arraycopy(logits.toFloatArray(), 0, all, batch[0] * classes, batch.length * classes);
            }
        }
        int[] labels = IntStream.range(0, labeled.size())
                .map(i -> labeled.label(i)
                        .orElseThrow(() ->
                                new IllegalArgumentException("held-out image " + labeled.key(i) + " has no label")))
                .toArray();
        return new HeldOutPredictions(
                classes,
                all,
                labels,
                IntStream.range(0, labeled.size()).mapToObj(labeled::digest).toList());
    }

    /** How many images it is of. */
    public int size() {
        return labels.length;
    }

    /** How many classes there are. */
    public int classes() {
        return classes;
    }

    /** [N * classes] in row-major order; not a copy. */
    public float[] logits() {
        return logits;
    }

    /** The class of image {@code image}. */
    public int label(int image) {
        return labels[image];
    }

    /** SHA-256, in hex, of the encoded bytes of each image. */
    public List<String> imageDigests() {
        return digests;
    }

    /** The likeliest class of image {@code image}; of classes that are equally likely the first. */
    public int predicted(int image) {
        int likeliest = 0;
        for (int c = 1; c < classes; c++) {
            likeliest = logits[image * classes + c] > logits[image * classes + likeliest] ? c : likeliest;
        }
        return likeliest;
    }

    private boolean right(int image) {
        return predicted(image) == labels[image];
    }

    /** The accuracy in percent, 0..100. */
    public double top1() {
        return 100.0 * IntStream.range(0, size()).filter(this::right).count() / size();
    }

    /** How many of a class's images are taken for it, in percent; empty if no image is of the class. */
    public OptionalDouble recall(int label) {
        return IntStream.range(0, size())
                .filter(image -> labels[image] == label)
                .mapToDouble(image -> right(image) ? 100 : 0)
                .average();
    }

    /** The least {@link #recall} of a class, in percent; classes without images do not count. */
    public double minClassRecall() {
        return IntStream.range(0, classes)
                .mapToObj(this::recall)
                .flatMapToDouble(OptionalDouble::stream)
                .min()
                .orElseThrow();
    }

    /**
     * The expected calibration error, 0..1: by how much the probability of the likeliest class differs from how often it is
     * right, as the mean over {@value #CALIBRATION_BINS} bins of that probability, of equal width, weighted by their images
     * (Guo et al., On Calibration of Modern Neural Networks, arXiv 1706.04599, equation 3).
     */
    public double calibrationError() {
        double[] confidence = new double[CALIBRATION_BINS];
        int[] right = new int[CALIBRATION_BINS];
        for (int i = 0; i < size(); i++) {
            double likeliest = Profile.softmax(logits, i * classes, classes)[predicted(i)];
            int bin = Math.max(0, (int) Math.ceil(likeliest * CALIBRATION_BINS) - 1);
            confidence[bin] += likeliest;
            right[bin] += right(i) ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
            error += Math.abs(right[bin] - confidence[bin]);
        }
        return error / size();
    }

    /** {@code top1} and {@code minClassRecall} in percent, {@code calibrationError} from 0 to 1. */
    public Map<String, Double> metrics() {
        return Map.of("top1", top1(), "minClassRecall", minClassRecall(), "calibrationError", calibrationError());
    }
}
