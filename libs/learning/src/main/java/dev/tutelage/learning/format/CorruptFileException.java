package dev.tutelage.learning.format;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown when a file is torn, damaged or of another kind; an older or another copy of it may do. */
public final class CorruptFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says that {@code file} has {@code problem}. */
    public CorruptFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    /** Says that {@code file} has {@code problem}, found through {@code cause}. */
    public CorruptFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
