package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Blurs some images (SimCLR, arXiv 2002.05709, appendix A): the kernel spans a tenth of the height, its deviation is
 * uniform in 0.1..2 pixels. As in the authors' code there is black beyond the edge. A blur is {@code By image Bx'} with
 * band matrices, like a crop.
 *
 * <p>It keeps a buffer between calls, so one serves one thread.
 */
public final class GaussianBlur {

    private static final int KERNELS_IN_HEIGHT = 10;
    private static final double LEAST = 0.1;
    private static final double GREATEST = 2;

    private final double probability;
    private final Matrices matrices = new Matrices();

    /** @param probability of an image being blurred, 0..1; the paper's is 0.5 */
    public GaussianBlur(double probability) {
        this.probability = probability;
    }

    /** The deviation in pixels; 0 leaves the image as it is. */
    double draw(Seed seed) {
        SplittableRandom random = seed.of("blur").random();
        boolean blurred = random.nextDouble() < probability;
        double deviation = LEAST + random.nextDouble() * (GREATEST - LEAST);
        return blurred ? deviation : 0;
    }

    /**
     * Changes every image as its seed says.
     *
     * @param images [N, C, H, W] with values in 0..1
     * @param seeds N of them, in the images' order
     * @return [N, C, H, W] with values in 0..1, owned by the images' manager
     */
    public NDArray apply(NDArray images, List<Seed> seeds) {
        if (probability == 0) {
            return images;
        }
        int height = (int) images.getShape().get(2);
        int width = (int) images.getShape().get(3);
        int radius = height / KERNELS_IN_HEIGHT / 2;
        float[] rows = new float[seeds.size() * height * height];
        float[] columns = new float[seeds.size() * width * width];
        for (int n = 0; n < seeds.size(); n++) {
            double[] kernel = kernel(radius, draw(seeds.get(n)));
            fill(rows, n * height * height, height, kernel);
            fill(columns, n * width * width, width, kernel);
        }
        NDArray by = matrices.of(images.getManager(), rows, seeds.size(), height);
        NDArray bx = matrices.of(images.getManager(), columns, seeds.size(), width);
        // The matrices are symmetric: Bx' is Bx.
        return by.matMul(images).matMul(bx);
    }

    /** Weights by distance, 0..radius, that sum to 1 over both sides. */
    private static double[] kernel(int radius, double deviation) {
        double[] kernel = new double[radius + 1];
        kernel[0] = 1;
        double sum = 1;
        for (int distance = 1; distance <= radius && deviation > 0; distance++) {
            kernel[distance] = StrictMath.exp(-distance * distance / (2 * deviation * deviation));
            sum += 2 * kernel[distance];
        }
        for (int distance = 0; distance <= radius; distance++) {
            kernel[distance] /= sum;
        }
        return kernel;
    }

    private static void fill(float[] matrix, int offset, int size, double[] kernel) {
        for (int i = 0; i < size; i++) {
            for (int j = Math.max(0, i - kernel.length + 1); j < Math.min(size, i + kernel.length); j++) {
                matrix[offset + i * size + j] = (float) kernel[Math.abs(i - j)];
            }
        }
    }
}
