package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabeledSubsetTest {

    private static final ImageSet IMAGES = FashionMnist.test();

    @Test
    void onePercentIsTheSameNumberOfEachClass() {
        ImageSet part = LabeledSubset.used(IMAGES, 0.01, new Seed(1));
        assertThat(counts(part)).hasSize(10).allSatisfy((label, count) -> assertThat(count)
                .isEqualTo(2));
    }

    @Test
    void aSmallerFractionIsPartOfALargerOne() {
        int[] small = LabeledSubset.draw(IMAGES, 0.01, new Seed(5));
        int[] large = LabeledSubset.draw(IMAGES, 0.1, new Seed(5));
        assertThat(large).hasSize(200).contains(small).isSorted().doesNotHaveDuplicates();
        assertThat(LabeledSubset.draw(IMAGES, 0.01, new Seed(6))).isNotEqualTo(small);
    }

    @Test
    void allIsAll() {
        assertThat(LabeledSubset.used(IMAGES, 1, new Seed(1))).isSameAs(IMAGES);
    }

    @Test
    void aRareClassGivesAllItHasAndEveryClassGivesOne() {
        int[] labels = new int[100];
        labels[40] = 1;
        Arrays.fill(labels, 90, 93, 2);
        ImageSet uneven = IMAGES.subset(IntStream.range(0, 100).toArray()).withLabels(labels);
        assertThat(counts(uneven.subset(LabeledSubset.draw(uneven, 0.3, new Seed(1)))))
                .isEqualTo(Map.of(0, 10L, 1, 1L, 2, 3L));
        assertThat(counts(uneven.subset(LabeledSubset.draw(uneven, 0.001, new Seed(1)))))
                .isEqualTo(Map.of(0, 1L, 1, 1L, 2, 1L));
    }

    @Test
    void theOthersAreTheRest() {
        assertThat(LabeledSubset.others(5, new int[] {1, 3})).containsExactly(0, 2, 4);
    }

    private static Map<Integer, Long> counts(ImageSet images) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (int i = 0; i < images.size(); i++) {
            counts.merge(images.label(i).orElseThrow(), 1L, Long::sum);
        }
        return counts;
    }
}
