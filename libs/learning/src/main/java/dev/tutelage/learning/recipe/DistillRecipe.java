package dev.tutelage.learning.recipe;

import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.objective.SoftTargets;

/**
 * Training of a student on a teacher's soft labels (arXiv 2006.10029, section 2, equations 2 and 3). The student sees the
 * views that the teacher saw.
 *
 * @param seed of all random choices
 * @param encoder the student's; the teacher's own for self-distillation
 * @param start what the student's weights are at first; the paper's is random
 * @param teacher where the teacher's logits come from; the paper's is live
 * @param crop of each image with a live teacher; stored labels come with their views
 * @param temperature of the softened probabilities, more than 0; the paper's is 0.1 for self-distillation and 1 for
 *     smaller students
 * @param timesSquaredTemperature see {@link SoftTargets}
 * @param alpha the weight of the distillation loss, more than 0 and at most 1; the rest weighs the cross-entropy on labeled
 *     images. The paper's is 1: no label is used
 * @param labeledBatchSize labeled images in a step beside the others where alpha is less than 1, 1..65536
 * @param epochs passes over the images, 1..100000
 * @param batchSize images in a step, 2..65536
 * @param optimizer how weights follow gradients
 * @param validation whether a part of the soft labels decides when to stop; the paper's is off
 */
public record DistillRecipe(
        long seed,
        EncoderRecipe encoder,
        Start start,
        TeacherLogits teacher,
        CropAndFlip crop,
        double temperature,
        boolean timesSquaredTemperature,
        double alpha,
        int labeledBatchSize,
        int epochs,
        int batchSize,
        OptimizerRecipe optimizer,
        ValidationRecipe validation)
        implements Recipe {

    /** What the student's weights are at first. */
    public enum Start {
        /** Fresh ones. */
        RANDOM,
        /** Those of the pretrained encoder that the teacher was fine-tuned from; it must be the student's own kind. */
        PRETRAINED,
        /** Those of the last student that was promoted before this teacher came; random if there was none. */
        PREVIOUS_STUDENT
    }

    /** Where the teacher's logits come from. */
    public enum TeacherLogits {
        /** From soft labels: in epoch e the student sees view e modulo their number. */
        STORED,
        /** From the teacher itself, which looks at a fresh view of each image beside the student. */
        LIVE
    }

    /** @throws InvalidRecipeException naming the field that is missing or out of its range */
    public DistillRecipe {
        Require.present(encoder, "encoder");
        Require.present(start, "start");
        Require.present(teacher, "teacher");
        Require.present(crop, "crop");
        Require.present(optimizer, "optimizer");
        Require.present(validation, "validation");
        Require.that(temperature > 0 && temperature <= 100, "temperature", "more than 0 and at most 100", temperature);
        Require.that(alpha > 0 && alpha <= 1, "alpha", "more than 0 and at most 1", alpha);
        Require.that(
                labeledBatchSize >= 1 && labeledBatchSize <= 65_536, "labeledBatchSize", "1..65536", labeledBatchSize);
        Require.run(epochs, batchSize);
    }

    /** The loss of soft labels. */
    public SoftTargets objective() {
        return new SoftTargets(temperature, timesSquaredTemperature);
    }

    /** Whether labels take part. */
    public boolean usesLabels() {
        return alpha < 1;
    }
}
