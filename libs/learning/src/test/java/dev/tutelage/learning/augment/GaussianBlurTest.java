package dev.tutelage.learning.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GaussianBlurTest {
    private static final int IMAGES = 8;

    @Test
    void realImagesAreBlurredAsInAPixelByPixelLoop() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            agreesWithLoop(Pixels.coloured(manager, IMAGES));
            agreesWithLoop(Pixels.grey(manager, IMAGES));
        }
    }

    /** 60 pixels high, so that the kernel has 7 places. */
    @Test
    void largeImagesHaveLargeKernels() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray doubled = Pixels.grey(manager, 6).repeat(2, 2).repeat(3, 2);
            agreesWithLoop(doubled.get(":,:,:,:50").concat(doubled.get(":,:,:4,:50"), 2));
        }
    }

    @Test
    void deviationsAndFrequencyKeepTheirRanges() {
        GaussianBlur blur = new GaussianBlur(0.5);
        List<Double> drawn = IntStream.range(0, 2000)
                .mapToObj(n -> blur.draw(new Seed(4).of(n)))
                .toList();
        assertThat(drawn).allMatch(deviation -> deviation == 0 || (deviation >= 0.1 && deviation <= 2));
        assertThat(drawn.stream().filter(deviation -> deviation == 0).count()).isBetween(900L, 1100L);
    }

    @Test
    void flatImagesStayFlatAwayFromTheEdge() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray blurred = new GaussianBlur(1).apply(manager.ones(new Shape(1, 1, 40, 40)), List.of(new Seed(1)));
            assertThat(blurred.getFloat(0, 0, 20, 20)).isCloseTo(1, within(1e-6f));
            assertThat(blurred.getFloat(0, 0, 0, 0)).isLessThan(1);
        }
    }

    private static void agreesWithLoop(NDArray images) {
        GaussianBlur blur = new GaussianBlur(0.7);
        int count = (int) images.getShape().get(0);
        List<Seed> seeds = IntStream.range(0, count).mapToObj(Seed::new).toList();
        NDArray changed = blur.apply(images, seeds);
        int height = (int) images.getShape().get(2);
        int width = (int) images.getShape().get(3);
        for (int n = 0; n < count; n++) {
            float[] expected = images.get(n).toFloatArray();
            double deviation = blur.draw(seeds.get(n));
            if (deviation > 0) {
                expected = loop(expected, height, width, height / 10 / 2, deviation);
            }
            assertThat(changed.get(n).toFloatArray()).containsExactly(expected, within(1e-5f));
        }
    }

    /** Every pixel from all pixels in the square around it, black beyond the edge. */
    private static float[] loop(float[] image, int height, int width, int radius, double deviation) {
        double total = 0;
        for (int j = -radius; j <= radius; j++) {
            for (int i = -radius; i <= radius; i++) {
                total += gauss(j, i, deviation);
            }
        }
        float[] blurred = new float[image.length];
        for (int pixel = 0; pixel < image.length; pixel++) {
            int x = pixel % width;
            int y = pixel / width % height;
            double sum = 0;
            for (int j = Math.max(-radius, -y); j <= Math.min(radius, height - 1 - y); j++) {
                for (int i = Math.max(-radius, -x); i <= Math.min(radius, width - 1 - x); i++) {
                    sum += gauss(j, i, deviation) / total * image[pixel + j * width + i];
                }
            }
            blurred[pixel] = (float) sum;
        }
        return blurred;
    }

    private static double gauss(int j, int i, double deviation) {
        return Math.exp(-(j * j + i * i) / (2 * deviation * deviation));
    }
}
