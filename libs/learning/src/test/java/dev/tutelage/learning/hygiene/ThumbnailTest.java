package dev.tutelage.learning.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ThumbnailTest {

    @Test
    void eachPixelIsTheMeanOfItsArea() {
        float[] grey = new float[32 * 48];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = i * 31 % 256;
        }
        byte[] thumbnail = new Thumbnail(32, 48).of(grey);
        for (int i = 0; i < 16; i++) {
            for (int j = 0; j < 16; j++) {
                double sum = 0;
                for (int y = 2 * i; y < 2 * i + 2; y++) {
                    for (int x = 3 * j; x < 3 * j + 3; x++) {
                        sum += grey[y * 48 + x];
                    }
                }
                assertThat((double) (thumbnail[i * 16 + j] & 0xff)).isCloseTo(sum / 6, within(0.51));
            }
        }
    }

    @Test
    void sidesThatAreNoMultipleAreSharedOut() {
        float[] flat = new float[28 * 5];
        Arrays.fill(flat, 200);
        assertThat(new Thumbnail(28, 5).of(flat)).containsOnly((byte) 200);

        float[] halves = new float[24];
        Arrays.fill(halves, 12, 24, 240);
        byte[] thumbnail = new Thumbnail(1, 24).of(halves);
        assertThat(Arrays.copyOf(thumbnail, 8)).containsOnly((byte) 0);
        assertThat(Arrays.copyOfRange(thumbnail, 8, 16)).containsOnly((byte) 240);
    }

    @Test
    void theDifferenceIsTheRootMeanSquare() {
        byte[] black = new byte[256];
        byte[] other = new byte[256];
        assertThat(Thumbnail.difference(black, other)).isZero();
        Arrays.fill(other, (byte) 255);
        assertThat(Thumbnail.difference(black, other)).isEqualTo(255);
        Arrays.fill(other, 0, 192, (byte) 0);
        assertThat(Thumbnail.difference(black, other)).isEqualTo(127.5);
    }
}
