package dev.tutelage.cli.why;

/** There is no such run or task, or more than one. The message names those that may be meant. */
public final class UnknownNameException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnknownNameException(String message) {
        super(message);
    }
}
