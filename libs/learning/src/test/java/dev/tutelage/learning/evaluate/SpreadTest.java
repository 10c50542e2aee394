package dev.tutelage.learning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.random.Seed;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final int IMAGES = 6;
    private static final int WIDTH = 4;

    @Test
    void isThatOfALoopOverAllPairs() {
        float[] projections = new Seed(1).normals(2 * IMAGES * WIDTH);
        double[][] z = normalised(projections);
        double alignment = 0;
        double[] kernels = new double[2];
        for (int i = 0; i < IMAGES; i++) {
            alignment += squaredDistance(z[i], z[IMAGES + i]) / IMAGES;
            for (int j = 0; j < IMAGES; j++) {
                for (int view = 0; view < 2 && j != i; view++) {
                    kernels[view] += Math.exp(-2 * squaredDistance(z[view * IMAGES + i], z[view * IMAGES + j]))
                            / (IMAGES * (IMAGES - 1));
                }
            }
        }
        Spread actual = of(projections);
        assertThat(actual.alignment()).isCloseTo(alignment, within(1e-5));
        assertThat(actual.uniformity()).isCloseTo((Math.log(kernels[0]) + Math.log(kernels[1])) / 2, within(1e-5));
        assertThat(actual.deviation()).isCloseTo(deviation(z), within(1e-5));
        assertThat(actual.collapsed()).isFalse();
    }

    @Test
    void projectionsInOnePlaceHaveCollapsed() {
        float[] projections = new Seed(2).normals(2 * IMAGES * WIDTH);
        for (int i = 0; i < projections.length; i++) {
            projections[i] = (i % WIDTH + 1) + 0.001f * projections[i];
        }
        Spread actual = of(projections);
        assertThat(actual.collapsed()).isTrue();
        assertThat(actual.alignment()).isCloseTo(0, within(1e-4));
        assertThat(actual.uniformity()).isCloseTo(0, within(1e-4));
    }

    private static Spread of(float[] projections) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            return Spread.of(manager.create(projections, new Shape(2L * IMAGES, WIDTH)));
        }
    }

    private static double[][] normalised(float[] projections) {
        double[][] z = new double[2 * IMAGES][WIDTH];
        for (int i = 0; i < z.length; i++) {
            double squares = 0;
            for (int d = 0; d < WIDTH; d++) {
                z[i][d] = projections[i * WIDTH + d];
                squares += z[i][d] * z[i][d];
            }
            for (int d = 0; d < WIDTH; d++) {
                z[i][d] /= Math.sqrt(squares);
            }
        }
        return z;
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < WIDTH; d++) {
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        }
        return sum;
    }

    private static double deviation(double[][] z) {
        double sum = 0;
        for (int d = 0; d < WIDTH; d++) {
            double mean = 0;
            for (double[] row : z) {
                mean += row[d] / z.length;
            }
            double variance = 0;
            for (double[] row : z) {
                variance += (row[d] - mean) * (row[d] - mean) / z.length;
            }
            sum += Math.sqrt(variance) / WIDTH;
        }
        return sum * Math.sqrt(WIDTH);
    }
}
