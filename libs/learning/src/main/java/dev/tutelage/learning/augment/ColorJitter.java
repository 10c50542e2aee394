package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random brightness, contrast and, for images of three channels, saturation and hue (SimCLR, arXiv 2002.05709, appendix
 * A), in random order and clipped to 0..1 after each. The first three are blends {@code f x + (1 - f) base}: with black for
 * brightness, with the channel's mean for contrast, with the pixel's luma for saturation. Factors are uniform in 1 ± 0.8
 * strength. The hue turns by up to 0.2 strength of the wheel.
 *
 * <p>Images with alpha, of two or four channels, change in brightness and contrast alone, alpha like any other channel.
 *
 * @param probability of an image being changed at all, 0..1; the paper's is 0.8
 * @param strength 0..1.25; the paper's is 1 on ImageNet and 0.5 on CIFAR
 */
public record ColorJitter(double probability, double strength) {

    private static final int CONTRAST = 1;
    private static final int SATURATION = 2;
    private static final int HUE = 3;

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public ColorJitter {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("jitter: probability must be 0..1, not " + probability);
        }
        if (!(strength >= 0 && strength <= 1.25)) {
            throw new IllegalArgumentException("jitter: strength must be 0..1.25, not " + strength);
        }
    }

    /** What happens to one image: the operations in their order, and of each its factor, or how far the hue turns. */
    record Draw(List<Integer> order, List<Double> factors) {}

    Draw draw(int channels, Seed seed) {
        int operations = operations(channels);
        boolean changed = seed.of("jitter").random().nextDouble() < probability;
        SplittableRandom random = seed.of("factors").random();
        List<Double> factors = new ArrayList<>();
        for (int operation = 0; operation < operations; operation++) {
            double change = 2 * random.nextDouble() - 1;
            double neutral = operation == HUE ? 0 : 1;
            double range = operation == HUE ? 0.2 : 0.8;
            factors.add(changed ? neutral + change * range * strength : neutral);
        }
        int[] order = seed.of("order").permutation(operations);
        return new Draw(Arrays.stream(order).boxed().toList(), factors);
    }

    /**
     * Changes every image as its seed says.
     *
     * @param images [N, C, H, W] with values in 0..1
     * @param seeds N of them, in the images' order
     * @return [N, C, H, W] with values in 0..1, owned by the images' manager
     */
    public NDArray apply(NDArray images, List<Seed> seeds) {
        if (probability == 0 || strength == 0) {
            return images;
        }
        int channels = (int) images.getShape().get(1);
        List<Draw> draws = seeds.stream().map(seed -> draw(channels, seed)).toList();
        NDArray changed = images;
        for (int round = 0; round < operations(channels); round++) {
            changed = applyRound(changed, draws, round);
            changed = channels == 3 ? turnHues(changed, draws, round) : changed;
        }
        return changed;
    }

    private static int operations(int channels) {
        return channels == 3 ? 4 : 2;
    }

    /** The images whose hue is due in this round. */
    private static NDArray turnHues(NDArray images, List<Draw> draws, int round) {
        int count = draws.size();
        float[] turns = new float[count];
        float[] due = new float[count];
        for (int n = 0; n < count; n++) {
            boolean hue = draws.get(n).order().get(round) == HUE;
            due[n] = hue ? 1 : 0;
            turns[n] = hue ? draws.get(n).factors().get(HUE).floatValue() : 0;
        }
        NDManager scope = images.getManager();
        Shape perImage = new Shape(count, 1, 1, 1);
        NDArray turned = Hue.turn(images, scope.create(turns, perImage));
        return images.add(turned.sub(images).mul(scope.create(due, perImage)));
    }

    /**
     * Each image's blend of this round; an image whose operation is another one has weight 0 in the others' bases. An image
     * whose hue is due stays as it is.
     */
    private static NDArray applyRound(NDArray images, List<Draw> draws, int round) {
        int count = draws.size();
        float[] own = new float[count];
        float[] mean = new float[count];
        float[] luma = new float[count];
        for (int n = 0; n < count; n++) {
            int operation = draws.get(n).order().get(round);
            float factor = draws.get(n).factors().get(operation).floatValue();
            own[n] = operation == HUE ? 1 : factor;
            mean[n] = operation == CONTRAST ? 1 - factor : 0;
            luma[n] = operation == SATURATION ? 1 - factor : 0;
        }
        NDManager scope = images.getManager();
        Shape perImage = new Shape(count, 1, 1, 1);
        NDArray means = images.mean(new int[] {3}, true).mean(new int[] {2}, true);
        NDArray blended = images.mul(scope.create(own, perImage)).add(means.mul(scope.create(mean, perImage)));
        if (images.getShape().get(1) == 3) {
            blended = blended.add(Grayscale.luma(images).mul(scope.create(luma, perImage)));
        }
        return blended.clip(0, 1);
    }
}
