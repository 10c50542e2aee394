package dev.tutelage.learning.model;

import dev.tutelage.learning.random.Seed;
import java.util.List;

/** Weights as far from their initial zeros and ones as trained ones are, so that every one of them matters. */
public final class LivelyWeights {

    private LivelyWeights() {}

    public static Weights of(List<Parameter> parameters) {
        return of(parameters, LivelyWeights::lively);
    }

    /** As lively, but values neither grow nor fade on their way through a hundred layers. */
    public static Weights ofDeep(List<Parameter> parameters) {
        return of(parameters, LivelyWeights::steady);
    }

    /** What becomes of a normal number in a parameter. */
    private interface Values {
        float of(Parameter parameter, float normal);
    }

    private static Weights of(List<Parameter> parameters, Values change) {
        Weights weights = Weights.initialize(parameters, new Seed(1));
        for (Parameter parameter : parameters) {
            float[] values = new Seed(2).of(parameter.name()).normals((int)
                    parameter.shape().size());
            for (int i = 0; i < values.length; i++) {
                values[i] = change.of(parameter, values[i]);
            }
            weights.get(parameter.name()).set(values);
        }
        return weights;
    }

    private static float lively(Parameter parameter, float normal) {
        if (parameter.name().endsWith("running_var")) {
            return Math.abs(normal) + 0.5f;
        }
        return parameter.role() == Role.WEIGHT ? 0.2f * normal : normal;
    }

    private static float steady(Parameter parameter, float normal) {
        if (parameter.name().endsWith("running_var")) {
            return Math.abs(normal) + 0.5f;
        }
        long[] shape = parameter.shape().getShape();
        long inputs = parameter.shape().size() / shape[0];
        return parameter.role() == Role.WEIGHT ? (float) Math.sqrt(2.0 / inputs) * normal : 0.5f * normal;
    }
}
