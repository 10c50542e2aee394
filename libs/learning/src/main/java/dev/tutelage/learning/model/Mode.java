package dev.tutelage.learning.model;

/** How batch normalisation behaves. */
public enum Mode {
    /** Normalises with the batch's statistics and moves the running ones. */
    TRAINING,
    /** Normalises with the running statistics and changes nothing. */
    EVALUATION
}
