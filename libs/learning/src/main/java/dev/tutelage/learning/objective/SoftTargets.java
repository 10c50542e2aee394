package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;

/**
 * Distillation (arXiv 2006.10029, equation 2): the cross-entropy of the student's softened class probabilities against
 * the teacher's, without any label.
 *
 * @param temperature more than 0, of teacher and student alike; the paper takes 0.1 for self-distillation and 1 for
 *     smaller students
 * @param timesSquaredTemperature whether the loss is multiplied by the temperature's square, which keeps the gradients'
 *     size (Hinton et al., arXiv 1503.02531). The authors' notebook does it, the paper's formula does not
 */
public record SoftTargets(double temperature, boolean timesSquaredTemperature) {

    /** @throws IllegalArgumentException if the temperature is not a positive number */
    public SoftTargets {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature must be more than 0, not " + temperature);
        }
    }

    /**
     * The mean loss of a batch, a scalar.
     *
     * @param student logits [N, classes]
     * @param teacher logits [N, classes] of the same images
     */
    public NDArray loss(NDArray student, NDArray teacher) {
        NDArray targets = teacher.div(Constant.of(temperature, teacher)).softmax(1);
        NDArray logProbabilities =
                student.div(Constant.of(temperature, student)).logSoftmax(1);
        double factor = timesSquaredTemperature ? temperature * temperature : 1;
        return logProbabilities
                .mul(targets)
                .mul(Constant.of(-factor / student.getShape().get(0), student))
                .sum();
    }
}
