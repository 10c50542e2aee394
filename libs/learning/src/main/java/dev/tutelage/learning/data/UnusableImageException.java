package dev.tutelage.learning.data;

/** Thrown when bytes are no image that a task can use; the message says why. */
public final class UnusableImageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectionKind kind;

    UnusableImageException(RejectionKind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    UnusableImageException(RejectionKind kind, String reason, Throwable cause) {
        super(reason, cause);
        this.kind = kind;
    }

    /** What kind of reason it is. */
    public RejectionKind kind() {
        return kind;
    }
}
