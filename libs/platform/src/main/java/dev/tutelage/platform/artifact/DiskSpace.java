package dev.tutelage.platform.artifact;

import java.io.IOException;
import java.util.stream.Stream;

/** Whether there is room. */
public final class DiskSpace {

    private DiskSpace() {}

    /** Whether something failed, in the end, because a local disk is full. */
    public static boolean isExhausted(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof IOException
                        && cause.getMessage() != null
                        && cause.getMessage().contains("No space left"));
    }
}
