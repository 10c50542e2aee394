package dev.tutelage.learning.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CropAndFlipTest {
    private static final int HEIGHT = 20;
    private static final int WIDTH = 30;
    private static final double SLACK = 1e-9;

    @Test
    void theSameSeedDrawsTheSameView() {
        CropAndFlip crop = crop(0.08, 1);
        assertThat(crop.draw(HEIGHT, WIDTH, new Seed(5))).isEqualTo(crop.draw(HEIGHT, WIDTH, new Seed(5)));
        assertThat(views(crop, 100)).doesNotHaveDuplicates();
    }

    @Test
    void boxesLieInsideTheImage() {
        assertThat(views(crop(0.08, 1), 2000)).allSatisfy(view -> {
            assertThat(view.top()).isBetween(0.0, HEIGHT - view.height() + SLACK);
            assertThat(view.left()).isBetween(0.0, WIDTH - view.width() + SLACK);
        });
    }

    /** Areas up to a half leave room for every aspect ratio, so that no side is cut. */
    @Test
    void areaAndAspectRatioKeepTheirRanges() {
        List<View> views = views(crop(0.1, 0.5), 2000);
        assertThat(views).allSatisfy(view -> {
            assertThat(area(view)).isBetween(0.1 - SLACK, 0.5 + SLACK);
            double aspect = view.width() / WIDTH / (view.height() / HEIGHT);
            assertThat(aspect).isBetween(3 / 4.0 - SLACK, 4 / 3.0 + SLACK);
        });
        double mean =
                views.stream().mapToDouble(CropAndFlipTest::area).average().orElseThrow();
        assertThat(mean).isCloseTo(0.3, within(0.02));
    }

    @Test
    void flipsAsOftenAsItSays() {
        assertThat(views(crop(0.5, 1), 2000).stream().filter(View::flipped).count())
                .isBetween(900L, 1100L);
    }

    @Test
    void fullAreaWithoutStretchAndFlipIsTheWholeImage() {
        CropAndFlip none = new CropAndFlip(1, 1, 1, 0, Interpolation.BILINEAR);
        assertThat(none.draw(HEIGHT, WIDTH, new Seed(1))).isEqualTo(View.whole(HEIGHT, WIDTH));
    }

    @Test
    void fieldsOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> crop(0, 1)).hasMessageContaining("crop: minArea must be more than 0");
        assertThatThrownBy(() -> crop(0.5, 0.4)).hasMessageContaining("crop: maxArea must be from minArea to 1");
        assertThatThrownBy(() -> new CropAndFlip(0.5, 1, 0.9, 0.5, Interpolation.BICUBIC))
                .hasMessageContaining("crop: maxAspect must be 1..100, not 0.9");
        assertThatThrownBy(() -> new CropAndFlip(0.5, 1, 1, 1.5, Interpolation.BICUBIC))
                .hasMessageContaining("crop: flip must be 0..1, not 1.5");
    }

    private static double area(View view) {
        return view.height() * view.width() / (HEIGHT * WIDTH);
    }

    private static CropAndFlip crop(double minArea, double maxArea) {
        return new CropAndFlip(minArea, maxArea, 4 / 3.0, 0.5, Interpolation.BICUBIC);
    }

    private static List<View> views(CropAndFlip crop, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> crop.draw(HEIGHT, WIDTH, new Seed(9).of(n)))
                .toList();
    }
}
