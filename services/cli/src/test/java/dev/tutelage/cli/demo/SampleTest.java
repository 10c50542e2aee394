package dev.tutelage.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.learning.data.ImageSet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final SampleFiles FILES = new SampleFiles(Path.of("../../samples/fashion-mnist"));

    /** By pixels, not by the digests of files. */
    @Test
    void imagesThatComeLaterAreNoneOfTheOthers() throws Exception {
        Sample sample = Sample.read(FILES, 10, 120, 1);
        Sample.Arrival more = Sample.Arrival.read(FILES, 10, 120, 1);
        assertThat(more.unlabeled().size()).isEqualTo(6_000);
        Set<Integer> known = new HashSet<>();
        hash(sample.unlabeled(), known);
        hash(sample.heldOut(), known);
        Set<Integer> later = new HashSet<>();
        hash(more.unlabeled(), later);
        assertThat(later).hasSize(6_000).doesNotContainAnyElementsOf(known);
    }

    @Test
    void asManyLabelsOfEachClassAreDrawnByTheSeed() throws Exception {
        ImageSet labeled = Sample.Arrival.read(FILES, 10, 120, 1).labeled();
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < labeled.size(); i++) {
            counts.merge(labeled.label(i).orElseThrow(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(10).allSatisfy((label, count) -> assertThat(count)
                .isEqualTo(12));
        assertThat(keys(labeled))
                .isEqualTo(keys(Sample.Arrival.read(FILES, 10, 120, 1).labeled()))
                .isNotEqualTo(keys(Sample.Arrival.read(FILES, 10, 120, 2).labeled()));
    }

    private static Set<String> keys(ImageSet images) {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < images.size(); i++) {
            keys.add(images.digest(i));
        }
        return keys;
    }

    private static void hash(ImageSet images, Set<Integer> hashes) {
        for (int i = 0; i < images.size(); i++) {
            hashes.add(Arrays.hashCode(images.pixels(i)));
        }
    }
}
