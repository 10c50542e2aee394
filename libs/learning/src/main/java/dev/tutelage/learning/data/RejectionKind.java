package dev.tutelage.learning.data;

/** Why an image was left out, for counting; the reason beside it is for people. */
public enum RejectionKind {
    /** Damaged: not what its first bytes or its header say. */
    UNREADABLE,
    /** Ends too early. */
    TRUNCATED,
    /** Would cost too much: more bytes, pixels or scans than are read. Decompression bombs are of this kind. */
    TOO_LARGE,
    /** Has several frames. */
    ANIMATED,
    /** In no format that is read. */
    UNSUPPORTED_FORMAT,
    /** Has other channels than the task's images: alpha, or colour where the task is grey. */
    WRONG_CHANNELS,
    /** Its label is missing or means no class. */
    BAD_LABEL,
    /** Its key is missing, unfit, or taken by an earlier image. */
    BAD_KEY,
    /** There is a key, but no image. */
    MISSING
}
