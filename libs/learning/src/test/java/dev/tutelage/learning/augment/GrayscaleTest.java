package dev.tutelage.learning.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrayscaleTest {
    private static final int IMAGES = 20;

    @Test
    void someImagesBecomeTheirLumaAndTheOthersStay() {
        Grayscale grayscale = new Grayscale(0.5);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = Pixels.coloured(manager, IMAGES);
            NDArray changed = grayscale.apply(images, seeds());
            int gray = 0;
            for (int n = 0; n < IMAGES; n++) {
                float[] expected = images.get(n).toFloatArray();
                if (grayscale.draw(seeds().get(n))) {
                    gray++;
                    expected = luma(expected);
                }
                assertThat(changed.get(n).toFloatArray()).containsExactly(expected, within(1e-6f));
            }
            assertThat(gray).isBetween(1, IMAGES - 1);
        }
    }

    @Test
    void imagesOfOtherThanThreeChannelsStayAsTheyAre() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (int channels : new int[] {1, 2, 4}) {
                NDArray images = Pixels.ofChannels(channels, manager, IMAGES);
                assertThat(new Grayscale(1).apply(images, seeds())).isSameAs(images);
            }
        }
    }

    @Test
    void aProbabilityIsNeeded() {
        assertThatThrownBy(() -> new Grayscale(1.5)).hasMessageContaining("grayscale: probability must be 0..1");
    }

    private static float[] luma(float[] image) {
        int area = image.length / 3;
        float[] gray = new float[image.length];
        for (int i = 0; i < image.length; i++) {
            int pixel = i % area;
            gray[i] = 0.299f * image[pixel] + 0.587f * image[area + pixel] + 0.114f * image[2 * area + pixel];
        }
        return gray;
    }

    private static List<Seed> seeds() {
        return IntStream.range(0, IMAGES).mapToObj(Seed::new).toList();
    }
}
