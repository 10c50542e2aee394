package dev.tutelage.cli.machine;

/** The machine cannot be started or go on. The message tells the first cause and where to look. */
public final class MachineException extends Exception {
    private static final long serialVersionUID = 1L;

    public MachineException(String message) {
        super(message);
    }

    public MachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
