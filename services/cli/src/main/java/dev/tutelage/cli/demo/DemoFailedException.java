package dev.tutelage.cli.demo;

/** The demo did not reach its end. The message tells the first cause. */
public final class DemoFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoFailedException(String message) {
        super(message);
    }
}
