package dev.tutelage.gateway.upload;

/** Thrown when an idempotency key was used before for something else. */
public final class ReusedKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    ReusedKeyException(String key) {
        super("Idempotency-Key " + key + " was used for other images, labels or another split of this task before."
                + " A key stands for one upload: send this one with a new key");
    }
}
