package dev.tutelage.learning.format;

import dev.tutelage.learning.data.ImageShape;
import java.util.List;
import java.util.Optional;

/**
 * Where a checkpoint comes from: with the code's versions, enough to make it again.
 *
 * @param task the task's name
 * @param stage how it was trained
 * @param classes the names of the classes by index; empty for pretrained checkpoints, which know none
 * @param images the shape of the images it is for
 * @param recipe the whole recipe as JSON, an object
 * @param parent the digest of the checkpoint it started or was distilled from
 * @param dataset the fingerprint of the images (and labels) it was trained on; empty for an imported encoder, of
 *     which that is unknown
 * @param seed the seed of every random choice
 * @param start the digest of the checkpoint whose weights a student or a pretraining started with, if it did not start at
 *     random
 */
public record Provenance(
        String task,
        Stage stage,
        List<String> classes,
        ImageShape images,
        String recipe,
        Optional<String> parent,
        String dataset,
        long seed,
        Optional<String> start) {
    public Provenance {
        classes = List.copyOf(classes);
    }

    /** Of a network that did not start with the weights of an earlier one of its kind. */
    public Provenance(
            String task,
            Stage stage,
            List<String> classes,
            ImageShape images,
            String recipe,
            Optional<String> parent,
            String dataset,
            long seed) {
        this(task, stage, classes, images, recipe, parent, dataset, seed, Optional.empty());
    }
}
