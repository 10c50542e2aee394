package dev.tutelage.learning.recipe;

import dev.tutelage.learning.objective.SoftTargets;

/**
 * Training of a student on a teacher's soft labels alone (arXiv 2006.10029, section 2). The student sees the views that
 * the teacher saw: in epoch e, view e modulo their number.
 *
 * @param seed of all random choices
 * @param encoder the student's
 * @param temperature of the softened probabilities, more than 0; the paper's is 0.1 for self-distillation and 1 for
 *     smaller students
 * @param timesSquaredTemperature see {@link SoftTargets}
 * @param epochs passes over the images, 1..100000
 * @param batchSize images in a step, 2..65536
 * @param optimizer how weights follow gradients
 */
public record DistillRecipe(
        long seed,
        EncoderRecipe encoder,
        double temperature,
        boolean timesSquaredTemperature,
        int epochs,
        int batchSize,
        OptimizerRecipe optimizer)
        implements Recipe {

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public DistillRecipe {
        Require.present(encoder, "encoder");
        Require.present(optimizer, "optimizer");
        Require.that(temperature > 0 && temperature <= 100, "temperature", "more than 0 and at most 100", temperature);
        Require.run(epochs, batchSize);
    }

    /** The loss. */
    public SoftTargets objective() {
        return new SoftTargets(temperature, timesSquaredTemperature);
    }
}
