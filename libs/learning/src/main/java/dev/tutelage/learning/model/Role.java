package dev.tutelage.learning.model;

/** What a weight tensor does in its layer. LARS and weight decay treat the roles differently. */
public enum Role {
    /** The kernel of a convolution or the matrix of a dense layer. */
    WEIGHT,
    /** What a dense layer adds. */
    BIAS,
    /** Batch normalisation's gamma. */
    NORM_SCALE,
    /** Batch normalisation's beta. */
    NORM_SHIFT,
    /** Batch normalisation's running mean or variance: kept up to date by training, but not by gradients. */
    BUFFER
}
