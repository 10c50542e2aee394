package dev.tutelage.platform.log;

/** Facts are not known to be on Kafka. The caller says them again later; that they may be there twice does no harm. */
public final class NotPublishedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param facts what is not known to be said */
    public NotPublishedException(String facts, Throwable cause) {
        super("Not published: " + facts + " (" + cause.getMessage() + "). Check that Kafka is up and reachable", cause);
    }
}
