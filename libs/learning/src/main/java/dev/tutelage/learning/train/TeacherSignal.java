package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;

/** What a student learns from: images without labels, and what a teacher says about views of them. */
public sealed interface TeacherSignal permits StoredLogits, LiveTeacher {

    /** The images. */
    ImageSet images();

    /** How many classes the teacher tells apart. */
    int classes();

    /**
     * What teacher and student see of a batch in an epoch, and what the teacher says about it.
     *
     * @param scope owns the result
     * @param batch numbers of N images
     * @param epoch from 0
     */
    Lesson lesson(NDManager scope, int[] batch, int epoch);

    /** Adds what the signal depends on to the identity of a training. */
    void identify(Identity identity);

    /**
     * One batch.
     *
     * @param seen the views, [N, C, H, W]
     * @param logits the teacher's of exactly these, [N, classes], without gradient
     */
    record Lesson(NDArray seen, NDArray logits) {}
}
