package dev.tutelage.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.random.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionHeadTest {

    /** Matrices without bias, scale and shift after the hidden ones, only a scale after the last. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void parametersFollowTheFormula(int depth) {
        long hidden = (depth - 1) * (2048L * 2048 + 2 * 2048);
        try (Weights weights = Weights.initialize(new ProjectionHead(2048, depth, 128).parameters(), new Seed(1))) {
            assertThat(weights.parameterCount()).isEqualTo(hidden + 2048 * 128 + 128);
        }
    }

    @Test
    void theLastNormHasNoShift() {
        assertThat(new ProjectionHead(8, 2, 4).parameters())
                .extracting(Parameter::name)
                .containsExactly(
                        "projection.0.linear.weight",
                        "projection.0.norm.weight",
                        "projection.0.norm.bias",
                        "projection.0.norm.running_mean",
                        "projection.0.norm.running_var",
                        "projection.1.linear.weight",
                        "projection.1.norm.weight",
                        "projection.1.norm.running_mean",
                        "projection.1.norm.running_var");
    }

    @Test
    void fineTuningKeepsTheFirstLayersAndAddsAClassifierOfZeros() {
        ResNet encoder = ResNet.basic(1, 4, List.of(1), Stem.CIFAR);
        List<Parameter> head = new ProjectionHead(4, 3, 8).parameters();
        Classifier classifier = new Classifier(encoder, HeadPart.hidden(4, 1), 10);
        assertThat(classifier.parameters())
                .hasSize(encoder.parameters().size() + 5 + 2)
                .containsAll(encoder.parameters())
                .containsAll(head.subList(0, 5));
        List<Parameter> added = classifier.parameters().stream()
                .filter(Parameter::supervisedHead)
                .toList();
        assertThat(added).extracting(Parameter::name).containsExactly("fc.weight", "fc.bias");
        assertThat(added)
                .allSatisfy(parameter -> assertThat(parameter.initialization().values(4, new Seed(1)))
                        .containsOnly(0));
    }

    @Test
    void theFirstLayersOfAHeadAreThatManyAndTheLastOneIsNarrow() {
        ProjectionHead head = new ProjectionHead(16, 3, 5);
        for (int layers = 0; layers <= 3; layers++) {
            HeadPart part = head.first(layers);
            assertThat(part.layers()).isEqualTo(layers);
            assertThat(part.outputWidth()).isEqualTo(layers == 3 ? 5 : 16);
            assertThat(head.parameters()).containsAll(part.parameters());
        }
        assertThat(head.first(3).parameters()).isEqualTo(head.parameters());
        assertThatThrownBy(() -> head.first(4)).hasMessageContaining("headLayers must be 0..3 on this head, not 4");
    }

    @Test
    void matricesStartWithDeviationOneHundredth() {
        Parameter matrix = new ProjectionHead(128, 1, 128).parameters().get(0);
        double squares = 0;
        for (float value : matrix.initialization().values(128 * 128, new Seed(1))) {
            squares += value * value;
        }
        assertThat(Math.sqrt(squares) / 128).isBetween(0.0098, 0.0102);
    }

    @Test
    void sizesOutOfTheirRangesAreNamed() {
        assertThatThrownBy(() -> new ProjectionHead(8, 0, 4)).hasMessageContaining("head: inputWidth, depth");
        assertThatThrownBy(() -> Classifier.withoutHead(ResNet.basic(1, 4, List.of(1), Stem.CIFAR), 1))
                .hasMessageContaining("classifier: classes must be 2 or more");
    }
}
