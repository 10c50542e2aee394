package dev.tutelage.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.random.Seed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final Classifier CLASSIFIER = Classifier.withoutHead(ResNet.basic(1, 4, List.of(1), Stem.CIFAR), 3);

    @Test
    void theSameSeedGivesTheSameWeights() {
        try (Weights once = Weights.initialize(CLASSIFIER.parameters(), new Seed(1));
                Weights again = Weights.initialize(CLASSIFIER.parameters(), new Seed(1));
                Weights other = Weights.initialize(CLASSIFIER.parameters(), new Seed(2))) {
            assertThat(kernel(again)).isEqualTo(kernel(once)).isNotEqualTo(kernel(other));
        }
    }

    @Test
    void copiesAreIndependent() {
        try (Weights weights = Weights.initialize(CLASSIFIER.parameters(), new Seed(1));
                Weights copy = weights.copy()) {
            float[] before = kernel(weights);
            assertThat(kernel(copy)).isEqualTo(before);
            copy.get("conv1.weight").muli(2);
            assertThat(kernel(weights)).isEqualTo(before);
        }
    }

    @Test
    void inheritedTensorsAreCopiedAndTheOthersFresh() {
        Classifier larger = new Classifier(CLASSIFIER.encoder(), HeadPart.hidden(4, 1), 3);
        try (Weights parent = LivelyWeights.of(CLASSIFIER.encoder().parameters());
                Weights child = Weights.inherit(larger.parameters(), parent.tensors(), new Seed(7));
                Weights fresh = Weights.initialize(larger.parameters(), new Seed(7))) {
            String matrix = "projection.0.linear.weight";
            assertThat(kernel(child)).isEqualTo(kernel(parent));
            assertThat(child.get("bn1.running_var")).isEqualTo(parent.get("bn1.running_var"));
            assertThat(child.get(matrix)).isEqualTo(fresh.get(matrix));
        }
    }

    @Test
    void weightsOfAnotherArchitectureAreRefused() {
        Classifier wider = Classifier.withoutHead(ResNet.basic(1, 8, List.of(1), Stem.CIFAR), 3);
        try (Weights weights = Weights.initialize(CLASSIFIER.parameters(), new Seed(1))) {
            assertThatThrownBy(() -> Weights.of(wider.parameters(), weights.tensors()))
                    .hasMessageContaining("conv1.weight has shape (4, 1, 3, 3)")
                    .hasMessageContaining("needs (8, 1, 3, 3)");
            assertThatThrownBy(() -> Weights.of(CLASSIFIER.parameters(), Map.of()))
                    .hasMessageContaining("conv1.weight (4, 1, 3, 3) is missing");
            assertThatThrownBy(() -> weights.get("conv9.weight")).hasMessageContaining("no tensor conv9.weight");
        }
    }

    private static float[] kernel(Weights weights) {
        return weights.get("conv1.weight").toFloatArray();
    }

    @Test
    void assignedWeightsForgetWhateverTheyWere() {
        try (Weights weights = Weights.initialize(CLASSIFIER.parameters(), new Seed(1));
                Weights other = Weights.initialize(CLASSIFIER.parameters(), new Seed(2))) {
            String name = CLASSIFIER.parameters().get(0).name();
            weights.requireGradients(true);
            try (NDArray broken = other.get(name).zerosLike().div(0)) {
                Weights.assign(weights.get(name), broken);
            }
            assertThat(weights.get(name).toFloatArray()).containsOnly(Float.NaN);
            weights.assign(other);
            other.tensors()
                    .forEach((tensor, values) ->
                            assertThat(weights.get(tensor).toFloatArray()).isEqualTo(values.toFloatArray()));
        }
    }
}
