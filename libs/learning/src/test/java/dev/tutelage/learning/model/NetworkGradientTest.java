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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole network with its projection head in training, against loops in double precision. */
class NetworkGradientTest {
    private static final int IMAGES = 5;
    private static final int SIDE = 5;
    private static final ResNet ENCODER = new ResNet(1, 2, List.of(1, 1), 1);
    private static final ProjectionHead HEAD = new ProjectionHead(4, 2, 3);
    private static final float[] PIXELS = new Seed(4).normals(IMAGES * SIDE * SIDE);
    /** The loss is the sum of projections, each times one of these: batch normalisation would make their sum constant. */
    private static final float[] COEFFICIENTS = new Seed(5).normals(IMAGES * 3);

    private final List<Parameter> parameters = Stream.concat(ENCODER.parameters().stream(), HEAD.parameters().stream())
            .toList();
    private final Weights weights = LivelyWeights.of(parameters);
    private final Map<String, double[]> values = new HashMap<>();
    private final Map<String, Integer> outputs = new HashMap<>();

    NetworkGradientTest() {
        for (Parameter parameter : weights.trainable()) {
            values.put(parameter.name(), doubles(weights.get(parameter.name()).toFloatArray()));
            outputs.put(parameter.name(), (int) parameter.shape().get(0));
        }
    }

    @AfterEach
    void free() {
        weights.close();
    }

    @Test
    void projectionsAreThoseOfTheLoops() {
        try (NDManager manager = weights.newScope()) {
            double[] expected = naiveProjections(values);
            assertThat(doubles(projections(manager).toFloatArray())).containsExactly(expected, within(1e-4));
        }
    }

    @Test
    void gradientsOfAllWeightsAreThoseOfFiniteDifferences() {
        weights.requireGradients(true);
        try (NDManager manager = weights.newScope()) {
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray coefficients = manager.create(COEFFICIENTS, new Shape(IMAGES, 3));
                collector.backward(projections(manager).mul(coefficients).sum());
            }
            for (Parameter parameter : weights.trainable()) {
                String name = parameter.name();
                double[] expected = FiniteDifferences.gradient(changed -> naiveLoss(name, changed), values.get(name));
                try (NDArray gradient = weights.get(name).getGradient()) {
                    assertThat(doubles(gradient.toFloatArray())).as(name).containsExactly(expected, within(1e-3));
                }
            }
        }
    }

    private NDArray projections(NDManager manager) {
        NDArray images = manager.create(PIXELS, new Shape(IMAGES, 1, SIDE, SIDE));
        return HEAD.project(weights, ENCODER.features(weights, images, Mode.TRAINING), Mode.TRAINING);
    }

    private double naiveLoss(String name, double[] changed) {
        Map<String, double[]> moved = new HashMap<>(values);
        moved.put(name, changed);
        double[] projections = naiveProjections(moved);
        double loss = 0;
        for (int i = 0; i < projections.length; i++) {
            loss += projections[i] * COEFFICIENTS[i];
        }
        return loss;
    }

    private double[] naiveProjections(Map<String, double[]> of) {
        NaiveOperations loops = new NaiveOperations(of, outputs);
        NaiveOperations.Tensor images = new NaiveOperations.Tensor(IMAGES, 1, SIDE, SIDE, doubles(PIXELS));
        return HEAD.project(loops, ENCODER.features(loops, images)).values();
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }
}
