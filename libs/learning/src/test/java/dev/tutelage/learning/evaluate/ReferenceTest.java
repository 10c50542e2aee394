package dev.tutelage.learning.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.LivelyWeights;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final int WIDTH = 16;

    private final Classifier classifier =
            Classifier.withoutHead(ResNet.basic(1, 8, List.of(1, 1), Stem.CIFAR_HALVED), 10);
    private final Weights weights = LivelyWeights.of(classifier.parameters());
    private final ImageSet trained =
            FashionMnist.train().subset(IntStream.range(0, 40).toArray());
    private final ImageSet heldOut =
            FashionMnist.test().subset(IntStream.range(0, 270).toArray());

    @AfterEach
    void free() {
        weights.close();
    }

    @Test
    void itHoldsTheTrainingImagesFeaturesAndHowTheHeldOutOnesAreSeen() {
        Reference reference = reference(trained);
        assertThat(reference.width()).isEqualTo(WIDTH);
        try (NDManager manager = weights.newScope()) {
            float[] expected =
                    Features.of(classifier.encoder(), weights, trained, manager).toFloatArray();
            assertThat(reference.features()).containsExactly(expected, within(1e-5f));
            NDArray unseen = Features.of(classifier.encoder(), weights, heldOut, manager);
            assertThat(reference.heldOutDistance())
                    .isCloseTo(new FeatureDistance(expected, WIDTH).squaredTo(unseen.toFloatArray()), within(1e-5));
        }
        assertThat(reference.heldOut().images()).isEqualTo(270);
        assertThat(reference.heldOut().classCounts()).isEqualTo(predictedClasses());
    }

    private List<Long> predictedClasses() {
        int[] all = IntStream.range(0, heldOut.size()).toArray();
        try (NDManager manager = weights.newScope()) {
            NDArray logits = classifier.logits(weights, heldOut.batch(manager, all), Mode.EVALUATION);
            Map<Long, Long> counts = Arrays.stream(logits.argMax(1).toLongArray())
                    .boxed()
                    .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
            return IntStream.range(0, 10)
                    .mapToObj(c -> counts.getOrDefault((long) c, 0L))
                    .toList();
        }
    }

    @Test
    void aThousandImagesAreEnough() {
        ImageSet many = FashionMnist.train().subset(IntStream.range(0, 1100).toArray());
        Reference reference = reference(many);
        assertThat(reference.features()).hasSize(1000 * WIDTH);
        assertThat(reference(many).features()).isEqualTo(reference.features());
    }

    @Test
    void oneImageIsNoReference() {
        assertThat(Reference.of(classifier, weights, trained.subset(new int[] {0}), heldOut, new Seed(1)))
                .isEmpty();
    }

    @Test
    void aProfileCountsConfidencesAndClasses() {
        Profile.Tally tally = new Profile.Tally(3);
        tally.add(new double[] {0.2, 0.5, 0.3});
        tally.add(new double[] {0, 0, 1});
        tally.add(new double[] {0.45, 0.45, 0.1});
        assertThat(tally.profile())
                .isEqualTo(new Profile(List.of(0L, 0L, 0L, 0L, 1L, 1L, 0L, 0L, 0L, 1L), List.of(1L, 1L, 1L)));
        assertThat(tally.profile().images()).isEqualTo(3);
    }

    private Reference reference(ImageSet images) {
        return Reference.of(classifier, weights, images, heldOut, new Seed(1)).orElseThrow();
    }
}
