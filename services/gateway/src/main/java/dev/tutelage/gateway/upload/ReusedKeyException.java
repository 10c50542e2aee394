package dev.tutelage.gateway.upload;

import dev.tutelage.event.v1.UploadAccepted;

/** Thrown when an idempotency key was used before for something else. */
public final class ReusedKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final UploadAccepted before;

    /** @param before what it was used for */
    ReusedKeyException(String key, UploadAccepted before) {
        super("Idempotency-Key " + key + " was used for other images, labels or another split of this task before."
                + " A key stands for one upload: send this one with a new key");
        this.before = before;
    }

    UploadAccepted before() {
        return before;
    }
}
