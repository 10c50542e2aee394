package dev.tutelage.learning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccuracyTest {
    /** More than go through the network at once. */
    private static final int COUNT = 270;

    private final Classifier classifier =
            Classifier.withoutHead(ResNet.basic(1, 8, List.of(1, 1), Stem.CIFAR_HALVED), 10);
    private final Weights weights = LivelyWeights.of(classifier.parameters());
    private final ImageSet images =
            FashionMnist.test().subset(IntStream.range(0, COUNT).toArray());

    /** Logits around zero, so that more classes than one are the likeliest of some image. */
    @BeforeEach
    void centre() {
        try (NDManager manager = weights.newScope()) {
            int[] all = IntStream.range(0, COUNT).toArray();
            NDArray logits = classifier.logits(weights, images.batch(manager, all), Mode.EVALUATION);
            weights.get("fc.bias").subi(logits.mean(new int[] {0}));
        }
    }

    @AfterEach
    void free() {
        weights.close();
    }

    @Test
    void top1CountsImageByImage() {
        int[] predicted = IntStream.range(0, COUNT).map(this::likeliest).toArray();
        assertThat(IntStream.of(predicted).distinct().count()).isGreaterThan(3);
        int right = 0;
        for (int i = 0; i < COUNT; i++) {
            right += predicted[i] == images.label(i).orElseThrow() ? 1 : 0;
        }
        assertThat(Top1.percent(classifier, weights, images)).isEqualTo(100.0 * right / COUNT);
        assertThat(Top1.percent(classifier, weights, images.withLabels(predicted)))
                .isEqualTo(100);
    }

    @Test
    void accuracyNeedsLabeledImages() {
        assertThatThrownBy(() -> Top1.percent(classifier, weights, images.subset(new int[0])))
                .hasMessageContaining("accuracy needs 1 held-out image or more");
        assertThatThrownBy(() -> Top1.percent(classifier, weights, images.withoutLabels()))
                .hasMessageContaining("held-out image 000000 has no label");
    }

    @Test
    void featuresOfManyImagesAreThoseOfEachInOrder() {
        try (NDManager manager = weights.newScope()) {
            NDArray features = Features.of(classifier.encoder(), weights, images, manager);
            assertThat(features.getShape()).isEqualTo(new Shape(COUNT, 16));
            for (int i : new int[] {0, 249, 250, COUNT - 1}) {
                NDArray one =
                        classifier.encoder().features(weights, images.batch(manager, new int[] {i}), Mode.EVALUATION);
                assertThat(features.get(i).toFloatArray()).containsExactly(one.toFloatArray(), within(1e-4f));
            }
        }
    }

    @Test
    void measuringLeavesNothingBehind() {
        try (NDManager manager = weights.newScope()) {
            int before = manager.getParentManager().getManagedArrays().size();
            Top1.percent(classifier, weights, images);
            Features.of(classifier.encoder(), weights, images, manager).close();
            assertThat(manager.getParentManager().getManagedArrays()).hasSize(before);
        }
    }

    private int likeliest(int image) {
        try (NDManager manager = weights.newScope()) {
            float[] logits = classifier
                    .logits(weights, images.batch(manager, new int[] {image}), Mode.EVALUATION)
                    .toFloatArray();
            int best = 0;
            for (int c = 1; c < logits.length; c++) {
                best = logits[c] > logits[best] ? c : best;
            }
            return best;
        }
    }
}
