package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Images of any size come in the task's. */
class FitTest {

    @Test
    void anImageThatShrinksIsTheMeanOfEachPixelsArea() throws Exception {
        ImageSet images = FashionMnist.test();
        for (int[] size : new int[][] {{14, 14}, {7, 7}, {10, 10}, {9, 12}, {27, 13}, {1, 1}, {28, 5}}) {
            ImageShape shape = new ImageShape(1, size[0], size[1]);
            for (int i = 0; i < 5; i++) {
                byte[] pixels = images.pixels(i);
                double[] expected = naiveAreaMean(pixels, 28, 28, shape);
                byte[] actual = ImageCodec.decode(ImageCodec.png(images.shape(), pixels), shape);
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) (actual[j] & 0xff)).as("%s", shape).isCloseTo(expected[j], within(1.01));
                }
            }
        }
    }

    @Test
    void eachChannelShrinksByItself() throws Exception {
        for (int channels = 2; channels <= 4; channels++) {
            ImageShape source = new ImageShape(channels, 28, 28);
            ImageShape shape = new ImageShape(channels, 14, 7);
            byte[] pixels = new byte[source.size()];
            double[][] expected = new double[channels][];
            for (int channel = 0; channel < channels; channel++) {
                byte[] plane = FashionMnist.test().pixels(channel);
                System.arraycopy(plane, 0, pixels, channel * plane.length, plane.length);
                expected[channel] = naiveAreaMean(plane, 28, 28, new ImageShape(1, 14, 7));
            }
            byte[] actual = ImageCodec.decode(ImageCodec.png(source, pixels), shape);
            for (int i = 0; i < actual.length; i++) {
                assertThat((double) (actual[i] & 0xff)).isCloseTo(expected[i / 98][i % 98], within(1.01));
            }
        }
    }

    /** Three stripes, of which the outer ones lie outside of the middle square. */
    @Test
    void theMiddleIsCutOut() throws Exception {
        ImageShape wide = new ImageShape(1, 2, 6);
        byte[] stripes = {9, 9, 50, 60, 9, 9, 9, 9, 70, 80, 9, 9};
        assertThat(ImageCodec.decode(ImageCodec.png(wide, stripes), new ImageShape(1, 2, 2)))
                .containsExactly(50, 60, 70, 80);
        ImageShape tall = new ImageShape(1, 6, 2);
        byte[] rows = {9, 9, 9, 9, 50, 60, 70, 80, 9, 9, 9, 9};
        assertThat(ImageCodec.decode(ImageCodec.png(tall, rows), new ImageShape(1, 2, 2)))
                .containsExactly(50, 60, 70, 80);
    }

    @Test
    void theBoxIsTheLargestOfTheRatioAndInTheMiddle() {
        ImageShape shape = new ImageShape(3, 224, 224);
        assertThat(Box.centred(375, 500, shape)).isEqualTo(new Box(0, 62, 375, 375));
        assertThat(Box.centred(500, 375, shape)).isEqualTo(new Box(62, 0, 375, 375));
        assertThat(Box.centred(224, 224, shape)).isEqualTo(new Box(0, 0, 224, 224));
        assertThat(Box.centred(1, 1000, shape)).isEqualTo(new Box(0, 499, 1, 1));
        assertThat(Box.centred(100, 100, new ImageShape(1, 1, 4096))).isEqualTo(new Box(49, 0, 1, 100));
        assertThat(Box.centred(30, 90, new ImageShape(1, 20, 40))).isEqualTo(new Box(0, 15, 30, 60));
    }

    @Test
    void anImageThatGrowsGoesThroughItsPixels() throws Exception {
        byte[] flat = new byte[16];
        Arrays.fill(flat, (byte) 77);
        ImageShape small = new ImageShape(1, 4, 4);
        assertThat(ImageCodec.decode(ImageCodec.png(small, flat), new ImageShape(1, 31, 31)))
                .containsOnly(77);
        byte[] ramp = new byte[16];
        for (int i = 0; i < 16; i++) {
            ramp[i] = (byte) (i % 4 * 40);
        }
        byte[] grown = ImageCodec.decode(ImageCodec.png(small, ramp), new ImageShape(1, 12, 12));
        for (int x = 1; x < 12; x++) {
            assertThat(grown[x] & 0xff).isGreaterThanOrEqualTo(grown[x - 1] & 0xff);
        }
        assertThat(grown[4] & 0xff).as("the middle of the second pixel").isBetween(39, 41);
    }

    /** A JPEG that shrinks to a quarter is close to the original that does. */
    @Test
    void jpegAndWebpFitToo() throws Exception {
        ImageShape source = new ImageShape(3, 28, 28);
        byte[] pixels = new byte[source.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = FashionMnist.test().pixels(0)[i % 784];
        }
        ImageShape shape = new ImageShape(3, 7, 7);
        byte[] expected = ImageCodec.decode(ImageCodec.png(source, pixels), shape);
        for (byte[] encoded : new byte[][] {Encoded.jpeg(source, pixels, 95), Encoded.webp(source, pixels, 95)}) {
            byte[] actual = ImageCodec.decode(encoded, shape);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) (actual[i] & 0xff)).isCloseTo(expected[i] & 0xff, within(12.0));
            }
        }
    }

    /** The box of the shape's ratio, each output pixel the mean of the area that it covers, fractions counted as such. */
    private static double[] naiveAreaMean(byte[] pixels, int height, int width, ImageShape shape) {
        double ratio = (double) shape.width() / shape.height();
        long boxWidth = Math.min(width, Math.round(height * ratio));
        long boxHeight = Math.min(height, Math.round(width / ratio));
        long top = (height - boxHeight) / 2;
        long left = (width - boxWidth) / 2;
        double[] means = new double[shape.height() * shape.width()];
        for (int i = 0; i < means.length; i++) {
            int row = i / shape.width();
            double y0 = top + (double) row * boxHeight / shape.height();
            double y1 = y0 + (double) boxHeight / shape.height();
            double x0 = left + (double) (i % shape.width()) * boxWidth / shape.width();
            double x1 = x0 + (double) boxWidth / shape.width();
            double sum = 0;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double covered = Math.max(0, Math.min(y1, y + 1) - Math.max(y0, y))
                            * Math.max(0, Math.min(x1, x + 1) - Math.max(x0, x));
                    sum += covered * (pixels[y * width + x] & 0xff);
                }
            }
            means[i] = sum / ((y1 - y0) * (x1 - x0));
        }
        return means;
    }
}
