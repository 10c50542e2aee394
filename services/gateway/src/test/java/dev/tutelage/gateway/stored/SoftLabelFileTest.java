package dev.tutelage.gateway.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.learning.format.CorruptFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftLabelFileTest {
    @TempDir
    Path directory;

    @Test
    void labelsAreReadAsTheFormatSaysAndSortedByConfidence() throws Exception {
        Path file = directory.resolve("labels");
        List<String> digests = List.of("11".repeat(32), "22".repeat(32), "33".repeat(32));
        Files.write(file, SoftLabelBytes.of(digests, new float[] {0, 1, 0, 5, 0, 0}));
        SoftLabelFile labels = SoftLabelFile.open(file);
        assertThat(labels.size()).isEqualTo(3);
        assertThat(labels.byConfidence(true)).containsExactly(2, 0, 1);
        assertThat(labels.byConfidence(false)).containsExactly(1, 0, 2);
        SoftLabelFile.Label first = labels.label(0);
        assertThat(first.image()).isEqualTo(digests.get(0));
        // 1 / (1 + e) and e / (1 + e)
        assertThat(first.probabilities().get(0)).isCloseTo(0.268941421, within(1e-8));
        assertThat(first.probabilities().get(1)).isCloseTo(0.731058579, within(1e-8));
    }

    @Test
    void whatIsNoFileOfSoftLabelsIsRefused() throws Exception {
        Path file = directory.resolve("labels");
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> SoftLabelFile.open(file)).isInstanceOf(CorruptFileException.class);
    }

    @Test
    void halfPrecisionIsReadAsTheStandardSays() {
        assertThat(SoftLabelFile.single((short) 0x3c00)).isEqualTo(1);
        assertThat(SoftLabelFile.single((short) 0xc000)).isEqualTo(-2);
        assertThat(SoftLabelFile.single((short) 0x7bff)).isEqualTo(65504);
        assertThat(SoftLabelFile.single((short) 0x3555)).isCloseTo(1 / 3f, within(1e-4f));
        assertThat(SoftLabelFile.single((short) 0x0001)).isEqualTo((float) Math.pow(2, -24));
        assertThat(SoftLabelFile.single((short) 0x7c00)).isInfinite();
        assertThat(SoftLabelFile.single((short) 0x7e00)).isNaN();
    }
}
