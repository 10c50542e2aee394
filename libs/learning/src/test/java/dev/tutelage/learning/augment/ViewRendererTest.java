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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ViewRendererTest {

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void viewsOfGreyImagesAreThoseOfAPixelByPixelLoop(Interpolation interpolation) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            agreesWithLoop(Pixels.grey(manager, 12), interpolation);
        }
    }

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void viewsOfOblongColourImagesAreThoseOfAPixelByPixelLoop(Interpolation interpolation) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            agreesWithLoop(Pixels.coloured(manager, 8), interpolation);
        }
    }

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void theWholeViewIsTheImageAndItsFlipIsMirrored(Interpolation interpolation) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = Pixels.coloured(manager, 2);
            View flipped = new View(0, 0, 20, 28, true);
            NDArray views = new ViewRenderer(interpolation).render(images, List.of(View.whole(20, 28), flipped));
            assertThat(views.get(0).toFloatArray())
                    .containsExactly(images.get(0).toFloatArray(), within(1e-6f));
            assertThat(views.get(1).toFloatArray())
                    .containsExactly(images.get(1).flip(2).toFloatArray(), within(1e-6f));
        }
    }

    @Test
    void laterRendersLeaveEarlierOnesAlone() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray images = Pixels.grey(manager, 1);
            ViewRenderer renderer = new ViewRenderer(Interpolation.BILINEAR);
            NDArray first = renderer.render(images, List.of(View.whole(28, 28)));
            float[] before = first.toFloatArray();
            renderer.render(images, List.of(new View(3, 3, 9, 9, true)));
            assertThat(first.toFloatArray()).isEqualTo(before);
        }
    }

    private static void agreesWithLoop(NDArray images, Interpolation interpolation) {
        Shape shape = images.getShape();
        int count = (int) shape.get(0);
        CropAndFlip crop = new CropAndFlip(0.08, 1, 4 / 3.0, 0.5, interpolation);
        List<View> views = IntStream.range(0, count)
                .mapToObj(n -> crop.draw((int) shape.get(2), (int) shape.get(3), new Seed(n)))
                .toList();
        assertThat(views).extracting(View::flipped).contains(true, false);
        NDArray rendered = new ViewRenderer(interpolation).render(images, views);
        assertThat(rendered.getShape()).isEqualTo(shape);
        for (int n = 0; n < count; n++) {
            for (int c = 0; c < shape.get(1); c++) {
                float[] expected = loop(images.get(n).get(c), views.get(n), interpolation);
                assertThat(rendered.get(n).get(c).toFloatArray()).containsExactly(expected, within(2e-6f));
            }
        }
    }

    /** One channel, each pixel the weighted sum of its neighbours in both directions at once. */
    private static float[] loop(NDArray channel, View view, Interpolation interpolation) {
        int height = (int) channel.getShape().get(0);
        int width = (int) channel.getShape().get(1);
        float[] pixels = channel.toFloatArray();
        float[] result = new float[height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int unflipped = view.flipped() ? width - 1 - x : x;
                double atY = view.top() + (y + 0.5) / height * view.height() - 0.5;
                double atX = view.left() + (unflipped + 0.5) / width * view.width() - 0.5;
                double sum = 0;
                for (int j = (int) atY - 3; j <= atY + 3; j++) {
                    for (int i = (int) atX - 3; i <= atX + 3; i++) {
                        int nearest =
                                Math.min(Math.max(j, 0), height - 1) * width + Math.min(Math.max(i, 0), width - 1);
                        sum += weight(atY - j, interpolation) * weight(atX - i, interpolation) * pixels[nearest];
                    }
                }
                result[y * width + x] = (float) Math.min(1, Math.max(0, sum));
            }
        }
        return result;
    }

    /** The tent, and Keys' convolution kernel (1981, equation 4) with its free parameter. */
    private static double weight(double offset, Interpolation interpolation) {
        double s = Math.abs(offset);
        if (interpolation == Interpolation.BILINEAR) {
            return s < 1 ? 1 - s : 0;
        }
        double a = -0.5;
        if (s < 1) {
            return (a + 2) * Math.pow(s, 3) - (a + 3) * Math.pow(s, 2) + 1;
        }
        return s < 2 ? a * Math.pow(s, 3) - 5 * a * Math.pow(s, 2) + 8 * a * s - 4 * a : 0;
    }
}
