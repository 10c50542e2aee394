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

    /** Alpha is a channel like the others, and without exactly three there is no colour to turn. */
    @Test
    void imagesWithAlphaChangeInBrightnessAndContrastOnly() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (int channels : new int[] {2, 4}) {
                assertThat(new ColorJitter(0.8, 1).draw(channels, new Seed(1)).order())
                        .containsExactlyInAnyOrder(0, 1);
                agreesWithLoop(Pixels.ofChannels(channels, manager, IMAGES));
            }
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
                        assertThat(draw.factors().subList(0, 3)).allMatch(factor -> factor >= 0.6 && factor <= 1.4))
                .allSatisfy(draw -> assertThat(draw.factors().get(3)).isBetween(-0.1, 0.1));
        assertThat(draws.stream()
                        .filter(draw -> draw.factors().equals(List.of(1.0, 1.0, 1.0, 0.0)))
                        .count())
                .isBetween(300L, 500L);
        assertThat(draws.stream().map(ColorJitter.Draw::order).distinct()).hasSize(24);
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

    /** One image, [C, H, W]; operation 0 is brightness, 1 contrast, 2 saturation, 3 hue. */
    private static float[] loop(float[] image, int channels, ColorJitter.Draw draw) {
        int area = image.length / channels;
        float[] current = image.clone();
        for (int operation : draw.order()) {
            double factor = draw.factors().get(operation);
            if (operation == 3) {
                current = turned(current, area, factor);
                continue;
            }
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

    /** By the six sextants of the colour wheel. */
    private static float[] turned(float[] image, int area, double turns) {
        float[] next = new float[image.length];
        for (int pixel = 0; pixel < area; pixel++) {
            double red = image[pixel];
            double green = image[area + pixel];
            double blue = image[2 * area + pixel];
            double value = Math.max(red, Math.max(green, blue));
            double chroma = value - Math.min(red, Math.min(green, blue));
            double hue = 0;
            if (chroma > 0 && value == red) {
                hue = (green - blue) / chroma;
            } else if (chroma > 0 && value == green) {
                hue = (blue - red) / chroma + 2;
            } else if (chroma > 0) {
                hue = (red - green) / chroma + 4;
            }
            double turned = ((hue + 6 * turns) % 6 + 6) % 6;
            double second = chroma * (1 - Math.abs(turned % 2 - 1));
            double least = value - chroma;
            double[][] sextants = {
                {chroma, second, 0}, {second, chroma, 0}, {0, chroma, second},
                {0, second, chroma}, {second, 0, chroma}, {chroma, 0, second}
            };
            double[] rgb = sextants[Math.min(5, (int) turned)];
            for (int c = 0; c < 3; c++) {
                next[c * area + pixel] = (float) (rgb[c] + least);
            }
        }
        return next;
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
