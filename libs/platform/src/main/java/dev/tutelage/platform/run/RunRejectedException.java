package dev.tutelage.platform.run;

import dev.tutelage.event.v1.RejectedItem;
import java.util.List;

/** A run that would fail however often it is tried: its input is wrong. The message says what, where and what to do. */
public final class RunRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<RejectedItem> parts;

    public RunRejectedException(String message) {
        super(message);
        this.parts = List.of();
    }

    public RunRejectedException(String message, Throwable cause) {
        super(message, cause);
        this.parts = List.of();
    }

    private RunRejectedException(RunRejectedException rejection, List<RejectedItem> parts) {
        super(rejection.getMessage(), rejection);
        this.parts = List.copyOf(parts);
    }

    /** The same rejection, with the parts of the input that were found unusable. */
    RunRejectedException with(List<RejectedItem> unusable) {
        return new RunRejectedException(this, unusable);
    }

    /** The parts of the input that were found unusable, if the input was looked at. */
    List<RejectedItem> parts() {
        return parts;
    }
}
