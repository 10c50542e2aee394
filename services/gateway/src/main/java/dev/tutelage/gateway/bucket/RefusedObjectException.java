package dev.tutelage.gateway.bucket;

import dev.tutelage.gateway.upload.UploadAnswer;
import java.util.ArrayList;
import java.util.List;

/** Thrown when an object cannot be taken, however often it is tried. The message says why, and what to do. */
final class RefusedObjectException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<UploadAnswer.Problem> problems;

    RefusedObjectException(String message) {
        this(message, List.of());
    }

    /** @param problems of its images, one by one */
    RefusedObjectException(String message, List<UploadAnswer.Problem> problems) {
        super(message);
        this.problems = new ArrayList<>(problems);
    }

    List<UploadAnswer.Problem> problems() {
        return List.copyOf(problems);
    }
}
