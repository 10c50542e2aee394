package dev.tutelage.platform.run;

/** A run was asked to stop before its end, and did. It goes on from its newest snapshot, here or elsewhere. */
public final class RunStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RunStoppedException(String message) {
        super(message);
    }
}
