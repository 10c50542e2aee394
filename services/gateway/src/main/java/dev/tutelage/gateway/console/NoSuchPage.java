package dev.tutelage.gateway.console;

/** Somebody wants a page about what does not exist. */
final class NoSuchPage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what does not exist, and where to look */
    NoSuchPage(String message) {
        super(message);
    }
}
