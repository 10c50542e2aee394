package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.util.List;

/**
 * Takes the colour out of some images (SimCLR, arXiv 2002.05709, appendix A): every channel becomes the luma. Images that
 * do not have three channels stay as they are.
 *
 * @param probability of an image losing its colour, 0..1; the paper's is 0.2
 */
public record Grayscale(double probability) {

    /** Luma weights of red, green and blue (ITU-R BT.601). */
    static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    /** @throws IllegalArgumentException if the probability is none */
    public Grayscale {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("grayscale: probability must be 0..1, not " + probability);
        }
    }

    boolean draw(Seed seed) {
        return seed.of("grayscale").random().nextDouble() < probability;
    }

    /**
     * Changes every image as its seed says.
     *
     * @param images [N, C, H, W] with values in 0..1
     * @param seeds N of them, in the images' order
     * @return [N, C, H, W], owned by the images' manager
     */
    public NDArray apply(NDArray images, List<Seed> seeds) {
        if (probability == 0 || images.getShape().get(1) != LUMA.length) {
            return images;
        }
        float[] share = new float[seeds.size()];
        for (int n = 0; n < share.length; n++) {
            share[n] = draw(seeds.get(n)) ? 1 : 0;
        }
        NDArray shares = images.getManager().create(share, new Shape(share.length, 1, 1, 1));
        return images.add(luma(images).sub(images).mul(shares));
    }

    /** [N, 3, H, W] to [N, 1, H, W]. */
    static NDArray luma(NDArray images) {
        NDArray weights = images.getManager().create(LUMA, new Shape(1, 3, 1, 1));
        return images.mul(weights).sum(new int[] {1}, true);
    }
}
