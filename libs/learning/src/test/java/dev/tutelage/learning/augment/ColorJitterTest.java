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

class ColorJitterTest {
    private static final int IMAGES = 10;

    @Test
    void colourImagesChangeAsInAPixelByPixelLoop() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            agreesWithLoop(Pixels.coloured(manager, IMAGES));
        }
    }

    @Test
    void greyImagesChangeAsInAPixelByPixelLoop() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            agreesWithLoop(Pixels.grey(manager, IMAGES));
        }
    }

    @Test
    void theSameSeedGivesTheSameViewInAnyBatch() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = Pixels.coloured(manager, IMAGES);
            ColorJitter jitter = new ColorJitter(0.8, 1);
            float[] together = jitter.apply(images, seeds()).get(4).toFloatArray();
            float[] alone =
                    jitter.apply(images.get("4:5"), List.of(seeds().get(4))).toFloatArray();
            assertThat(alone).containsExactly(together, within(1e-6f));
        }
    }

    @Test
    void factorsAndFrequencyKeepTheirRanges() {
        ColorJitter jitter = new ColorJitter(0.8, 0.5);
        List<ColorJitter.Draw> draws = IntStream.range(0, 2000)
                .mapToObj(n -> jitter.draw(3, new Seed(2).of(n)))
                .toList();
        assertThat(draws)
                .allSatisfy(draw ->
                        assertThat(draw.factors()).hasSize(3).allMatch(factor -> factor >= 0.6 && factor <= 1.4));
        assertThat(draws.stream()
                        .filter(draw -> draw.factors().equals(List.of(1.0, 1.0, 1.0)))
                        .count())
                .isBetween(300L, 500L);
        assertThat(draws.stream().map(ColorJitter.Draw::order).distinct()).hasSize(6);
    }

    @Test
    void withoutProbabilityOrStrengthImagesStayAsTheyAre() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = Pixels.grey(manager, IMAGES);
            assertThat(new ColorJitter(0, 1).apply(images, seeds())).isEqualTo(images);
            assertThat(new ColorJitter(1, 0).apply(images, seeds())).isEqualTo(images);
        }
    }

    @Test
    void fieldsOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> new ColorJitter(1.1, 1)).hasMessageContaining("jitter: probability must be 0..1");
        assertThatThrownBy(() -> new ColorJitter(1, -1)).hasMessageContaining("jitter: strength must be 0..1.25");
    }

    private static void agreesWithLoop(NDArray images) {
        ColorJitter jitter = new ColorJitter(0.8, 1);
        int channels = (int) images.getShape().get(1);
        NDArray changed = jitter.apply(images, seeds());
        for (int n = 0; n < IMAGES; n++) {
            float[] expected = loop(images.get(n).toFloatArray(), channels, jitter.draw(channels, seeds().get(n)));
            assertThat(changed.get(n).toFloatArray()).containsExactly(expected, within(1e-5f));
        }
    }

    /** One image, [C, H, W]; operation 0 is brightness, 1 contrast, 2 saturation. */
    private static float[] loop(float[] image, int channels, ColorJitter.Draw draw) {
        int area = image.length / channels;
        float[] current = image.clone();
        for (int operation : draw.order()) {
            double factor = draw.factors().get(operation);
            float[] next = new float[image.length];
            for (int c = 0; c < channels; c++) {
                for (int pixel = 0; pixel < area; pixel++) {
                    double base =
                            switch (operation) {
                                case 0 -> 0;
                                case 1 -> mean(current, c, area);
                                default ->
                                    0.299 * current[pixel]
                                            + 0.587 * current[area + pixel]
                                            + 0.114 * current[2 * area + pixel];
                            };
                    double blend = factor * current[c * area + pixel] + (1 - factor) * base;
                    next[c * area + pixel] = (float) Math.max(0, Math.min(1, blend));
                }
            }
            current = next;
        }
        return current;
    }

    private static double mean(float[] image, int channel, int area) {
        double sum = 0;
        for (int pixel = 0; pixel < area; pixel++) {
            sum += image[channel * area + pixel];
        }
        return sum / area;
    }

    private static List<Seed> seeds() {
        return IntStream.range(0, IMAGES)
                .mapToObj(n -> new Seed(n).of("jitter"))
                .toList();
    }
}
