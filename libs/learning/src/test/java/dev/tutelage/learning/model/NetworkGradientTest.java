package dev.tutelage.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.tutelage.learning.objective.FiniteDifferences;
import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks with a projection head in training, against loops in double precision. */
class NetworkGradientTest {
    private static final int IMAGES = 5;
    private static final int OUTPUTS = 3;
    /** The loss is the sum of projections, each times one of these: batch normalisation would make their sum constant. */
    private static final float[] COEFFICIENTS = new Seed(5).normals(IMAGES * OUTPUTS);

    /** Every stem and every block, with odd sides. */
    static Stream<Network> networks() {
        return Stream.of(
                new Network(ResNet.basic(1, 2, List.of(1, 1), Stem.CIFAR), 5),
                new Network(ResNet.basic(1, 2, List.of(1, 1), Stem.IMAGENET), 13),
                new Network(new ResNet(1, 2, List.of(1, 1), Block.BOTTLENECK, Stem.CIFAR_HALVED, false), 9),
                new Network(new ResNet(2, 2, List.of(1, 1), Block.BOTTLENECK, Stem.IMAGENET, true), 13));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void projectionsAreThoseOfTheLoops(Network network) {
        try (Weights weights = LivelyWeights.of(network.parameters());
                NDManager manager = weights.newScope()) {
            double[] expected = network.naiveProjections(values(weights));
            assertThat(doubles(network.projections(weights, manager).toFloatArray()))
                    .containsExactly(expected, within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradientsOfAllWeightsAreThoseOfFiniteDifferences(Network network) {
        try (Weights weights = LivelyWeights.of(network.parameters());
                NDManager manager = weights.newScope()) {
            weights.requireGradients(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray coefficients = manager.create(COEFFICIENTS, new Shape(IMAGES, OUTPUTS));
                collector.backward(
                        network.projections(weights, manager).mul(coefficients).sum());
            }
            Map<String, double[]> values = values(weights);
            for (Parameter parameter : weights.trainable()) {
                String name = parameter.name();
                double[] expected = FiniteDifferences.gradient(
                        changed -> naiveLoss(network, values, name, changed), values.get(name));
                try (NDArray gradient = weights.get(name).getGradient()) {
                    // PyTorch computes in single precision, and a ReLU may switch within the difference's step.
                    double tolerance = Math.max(1e-3, 1e-3 * greatest(expected));
                    assertThat(doubles(gradient.toFloatArray())).as(name).containsExactly(expected, within(tolerance));
                }
            }
        }
    }

    private static double naiveLoss(Network network, Map<String, double[]> values, String name, double[] changed) {
        Map<String, double[]> moved = new HashMap<>(values);
        moved.put(name, changed);
        double[] projections = network.naiveProjections(moved);
        double loss = 0;
        for (int i = 0; i < projections.length; i++) {
            loss += projections[i] * COEFFICIENTS[i];
        }
        return loss;
    }

    private static Map<String, double[]> values(Weights weights) {
        Map<String, double[]> values = new HashMap<>();
        for (Parameter parameter : weights.trainable()) {
            try (NDArray detached = weights.get(parameter.name()).stopGradient()) {
                values.put(parameter.name(), doubles(detached.toFloatArray()));
            }
        }
        return values;
    }

    private static double greatest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    /** An encoder with a head, and square images for it. */
    private record Network(ResNet encoder, int side) {

        ProjectionHead head() {
            return new ProjectionHead(encoder.outputWidth(), 2, OUTPUTS);
        }

        List<Parameter> parameters() {
            return Stream.concat(encoder.parameters().stream(), head().parameters().stream())
                    .toList();
        }

        private float[] pixels() {
            return new Seed(4).normals(IMAGES * encoder.channels() * side * side);
        }

        NDArray projections(Weights weights, NDManager manager) {
            NDArray images = manager.create(pixels(), new Shape(IMAGES, encoder.channels(), side, side));
            return head().project(weights, encoder.features(weights, images, Mode.TRAINING), Mode.TRAINING);
        }

        double[] naiveProjections(Map<String, double[]> of) {
            Map<String, Integer> outputs = new HashMap<>();
            parameters()
                    .forEach(parameter -> outputs.put(
                            parameter.name(), (int) parameter.shape().get(0)));
            NaiveOperations loops = new NaiveOperations(of, outputs);
            NaiveOperations.Tensor images =
                    new NaiveOperations.Tensor(IMAGES, encoder.channels(), side, side, doubles(pixels()));
            return head().project(loops, encoder.features(loops, images)).values();
        }
    }
}
