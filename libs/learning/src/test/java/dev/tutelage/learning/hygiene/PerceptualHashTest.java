package dev.tutelage.learning.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {
    private static final ImageShape GREY = new ImageShape(1, 28, 28);

    @Test
    void itIsTheSignOfTheLowFrequenciesAboutTheirMedian() {
        Random random = new Random(1);
        for (int[] size : new int[][] {{28, 28}, {17, 40}, {96, 64}, {9, 9}}) {
            float[] grey = new float[size[0] * size[1]];
            for (int i = 0; i < grey.length; i++) {
                grey[i] = random.nextInt(256);
            }
            long hash = new PerceptualHash(size[0], size[1]).of(grey);
            assertThat(hash).as("%s x %s", size[0], size[1]).isEqualTo(naive(grey, size[0], size[1]));
            assertThat(Long.bitCount(hash)).as("half of the bits").isEqualTo(32);
        }
        ImageSet images = FashionMnist.test();
        PerceptualHash hash = new PerceptualHash(28, 28);
        for (int i = 0; i < 50; i++) {
            float[] grey = GreyPixels.of(GREY, images.pixels(i));
            assertThat(PerceptualHash.distance(hash.of(grey), naive(grey, 28, 28)))
                    .as("but for ties, image %s", i)
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void whatHasNoFeaturesHasNoBits() {
        for (int value = 0; value < 256; value += 51) {
            float[] flat = new float[40 * 24];
            Arrays.fill(flat, value);
            assertThat(new PerceptualHash(40, 24).of(flat)).isZero();
        }
        assertThat(new PerceptualHash(1, 1).of(new float[] {77})).isZero();
    }

    @Test
    void brightnessAndContrastLeaveItNearlyAsItIs() {
        PerceptualHash hash = new PerceptualHash(28, 28);
        for (int i = 0; i < 100; i++) {
            float[] grey = GreyPixels.of(GREY, FashionMnist.test().pixels(i));
            float[] paler = grey.clone();
            for (int j = 0; j < paler.length; j++) {
                paler[j] = 20 + 0.9f * grey[j];
            }
            assertThat(PerceptualHash.distance(hash.of(grey), hash.of(paler))).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void coloursBecomeBrightnessAndAlphaIsNotLookedAt() {
        byte[] rgba = {(byte) 255, 0, 0, (byte) 200, 10, 0, 90, 7};
        assertThat(GreyPixels.of(new ImageShape(4, 1, 2), rgba))
                .containsExactly(new float[] {0.299f * 255 + 0.114f * 10, 0.587f * 200}, Offset.offset(1e-4f));
        assertThat(GreyPixels.of(new ImageShape(2, 1, 2), new byte[] {1, (byte) 250, 7, 7}))
                .containsExactly(1, 250);
    }

    /** By the definition, in double precision; two coefficients a millionth apart may fall on either side. */
    private static long naive(float[] grey, int height, int width) {
        double[] coefficients = new double[64];
        for (int u = 1; u <= 8; u++) {
            for (int v = 1; v <= 8; v++) {
                double sum = 0;
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        sum += grey[y * width + x]
                                * Math.cos(Math.PI * u * (2 * y + 1) / (2.0 * height))
                                * Math.cos(Math.PI * v * (2 * x + 1) / (2.0 * width));
                    }
                }
                coefficients[(u - 1) * 8 + v - 1] = sum;
            }
        }
        double[] sorted = coefficients.clone();
        Arrays.sort(sorted);
        double median = (sorted[31] + sorted[32]) / 2;
        long hash = 0;
        for (int i = 0; i < 64; i++) {
            hash |= coefficients[i] > median ? 1L << i : 0;
        }
        return hash;
    }
}
