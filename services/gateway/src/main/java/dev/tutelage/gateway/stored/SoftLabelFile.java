package dev.tutelage.gateway.stored;

import dev.tutelage.learning.evaluate.Profile;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Soft labels as they lie in their file, read without an engine of tensors. */
public final class SoftLabelFile {
    private static final int DIGEST = 32;

    private final ByteBuffer digests;
    private final ByteBuffer logits;
    private final boolean half;
    private final int images;
    private final int views;
    private final int classes;

    /**
     * What the teacher says of an image.
     *
     * @param image digest of its bytes
     * @param probabilities of the classes at temperature 1, the mean over the views
     */
    public record Label(String image, List<Double> probabilities) {}

    private SoftLabelFile(Safetensors.Stored digests, Safetensors.Stored logits) {
        this.digests = digests.bytes();
        this.logits = logits.bytes();
        this.half = logits.type().equals("F16");
        this.images = logits.shape().get(0).intValue();
        this.views = logits.shape().get(1).intValue();
        this.classes = logits.shape().get(2).intValue();
    }

    /**
     * Opens a file; it must stay where it is while this is used.
     *
     * @throws CorruptFileException if it is no file of soft labels
     */
    public static SoftLabelFile open(Path file) throws IOException {
        Safetensors.Stored digests = tensor(file, "image_digests");
        Safetensors.Stored logits = tensor(file, "logits");
        boolean fits = logits.shape().size() == 3
                && (logits.type().equals("F32") || logits.type().equals("F16"))
                && digests.type().equals("U8")
                && digests.shape().equals(List.of(logits.shape().get(0), (long) DIGEST));
        if (!fits) {
            throw new CorruptFileException(
                    file,
                    "holds no soft labels: logits are " + logits.type() + " " + logits.shape() + ", image_digests "
                            + digests.type() + " " + digests.shape());
        }
        return new SoftLabelFile(digests, logits);
    }

    private static Safetensors.Stored tensor(Path file, String name) throws IOException {
        return Safetensors.stored(file, name)
                .orElseThrow(() -> new CorruptFileException(file, "holds no soft labels: it has no tensor " + name));
    }

    /** How many images have a label. */
    public int size() {
        return images;
    }

    /** The images' numbers, those first of which the teacher is least sure, or most. */
    public List<Integer> byConfidence(boolean leastFirst) {
        double[] confidence =
                IntStream.range(0, images).mapToDouble(this::confidence).toArray();
        Comparator<Integer> order = Comparator.comparingDouble(image -> confidence[image]);
        return IntStream.range(0, images)
                .boxed()
                .sorted(leastFirst ? order : order.reversed())
                .toList();
    }

    private double confidence(int image) {
        double greatest = 0;
        for (double probability : probabilities(image)) {
            greatest = Math.max(greatest, probability);
        }
        return greatest;
    }

    /** The label of the image with that number. */
    public Label label(int image) {
        return new Label(
                image(image), Arrays.stream(probabilities(image)).boxed().toList());
    }

    /** The digest, in hexadecimal, of the image with that number. */
    public String image(int image) {
        byte[] digest = new byte[DIGEST];
        digests.get(image * DIGEST, digest);
        return HexFormat.of().formatHex(digest);
    }

    /** The probabilities of the classes at temperature 1, the mean over the views, of the image with that number. */
    public double[] probabilities(int image) {
        double[] mean = new double[classes];
        float[] view = new float[classes];
        for (int v = 0; v < views; v++) {
            for (int c = 0; c < classes; c++) {
                view[c] = logit((image * views + v) * classes + c);
            }
            double[] likely = Profile.softmax(view, 0, classes);
            for (int c = 0; c < classes; c++) {
                mean[c] += likely[c] / views;
            }
        }
        return mean;
    }

    private float logit(int at) {
        return half ? single(logits.getShort(at * Short.BYTES)) : logits.getFloat(at * Float.BYTES);
    }

    /** A number of half precision (IEEE 754 binary16); Java 17 has no method for it. */
    static float single(short half) {
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        float size = exponent == 0
                ? Math.scalb((float) fraction, -24)
                : exponent == 0x1f
                        ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                        : Math.scalb((float) (fraction | 0x400), exponent - 25);
        return half < 0 ? -size : size;
    }
}
