package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ImageSetTest {
    private static final ImageShape SHAPE = new ImageShape(3, 1, 2);
    private static final ImageSet LABELED = ImageSet.of(
            SHAPE,
            List.of("a", "b", "c"),
            new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2},
            List.of("da", "db", "dc"),
            Optional.of(new int[] {4, 5, 6}));

    @Test
    void aBatchHasTheChosenImagesBetweenZeroAndOne() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray batch = LABELED.batch(manager, new int[] {2, 0});
            assertThat(batch.getShape()).isEqualTo(new Shape(2, 3, 1, 2));
            assertThat(batch.getDataType()).isEqualTo(DataType.FLOAT32);
            float two = 2 / 255f;
            assertThat(batch.toFloatArray())
                    .containsExactly(two, two, two, two, two, two, 0, 0.2f, 0.4f, 0.6f, 0.8f, 1);
        }
    }

    @Test
    void batchesDoNotShareMemoryWithEachOther() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray first = LABELED.batch(manager, new int[] {0});
            NDArray second = LABELED.batch(manager, new int[] {2, 2});
            assertThat(first.toFloatArray()).containsExactly(0, 0.2f, 0.4f, 0.6f, 0.8f, 1);
            assertThat(second.toFloatArray()).containsOnly(2 / 255f);
            assertThat(LABELED.batch(manager, new int[0]).getShape()).isEqualTo(new Shape(0, 3, 1, 2));
        }
    }

    @Test
    void subsetsKeepKeysDigestsAndLabelsTogether() {
        ImageSet subset = LABELED.subset(new int[] {2, 1, 2});
        assertThat(subset.size()).isEqualTo(3);
        assertThat(List.of(subset.key(0), subset.digest(1), subset.key(2))).containsExactly("c", "db", "c");
        assertThat(subset.label(0)).isEqualTo(OptionalInt.of(6));
        assertThat(subset.pixels(1)).containsOnly(1);
    }

    @Test
    void setsOfOneKindConcatenate() {
        ImageSet both = ImageSet.concat(List.of(LABELED, LABELED.subset(new int[] {1})));
        assertThat(both.size()).isEqualTo(4);
        assertThat(both.key(3)).isEqualTo("b");
        assertThat(both.label(3)).isEqualTo(OptionalInt.of(5));
    }

    @Test
    void setsOfDifferentKindsDoNotConcatenate() {
        assertThatThrownBy(() -> ImageSet.concat(List.of(LABELED, LABELED.withoutLabels())))
                .hasMessageContaining("3 labeled images of 3x1x2 and 3 unlabeled images of 3x1x2");
        assertThatThrownBy(() -> ImageSet.concat(List.of())).hasMessageContaining("no image sets");
    }

    @Test
    void unlabeledImagesHaveNoLabel() {
        assertThat(LABELED.withoutLabels().label(0)).isEmpty();
        assertThat(LABELED.withoutLabels().withLabels(new int[] {7, 8, 9}).label(1))
                .isEqualTo(OptionalInt.of(8));
    }

    @Test
    void sizesMustAgree() {
        assertThatThrownBy(() -> ImageSet.of(SHAPE, List.of("a"), new byte[5], List.of("d"), Optional.empty()))
                .hasMessageContaining("1 images of 3x1x2 need 6 bytes of pixels, not 5");
        assertThatThrownBy(() -> LABELED.withLabels(new int[2])).hasMessageContaining("2 labels");
    }

    @Test
    void shapesAreBounded() {
        assertThatThrownBy(() -> new ImageShape(5, 8, 8)).hasMessageContaining("channels is 5");
        assertThatThrownBy(() -> new ImageShape(1, 8, 100_000)).hasMessageContaining("8 x 100000");
        assertThat(ImageShape.parse("3x32x48"))
                .isEqualTo(new ImageShape(3, 32, 48))
                .hasToString("3x32x48");
        assertThatThrownBy(() -> ImageShape.parse("32x48")).hasMessageContaining("as 3x32x32");
    }
}
