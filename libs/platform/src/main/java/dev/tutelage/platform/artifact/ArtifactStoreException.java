package dev.tutelage.platform.artifact;

/** The artifact store could not do as asked. The message says what, where, and what to do about it. */
public final class ArtifactStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** The store refused the credentials. */
        ACCESS_DENIED,
        /** The bucket does not exist. */
        NO_BUCKET,
        /** No object has that name. */
        NOT_FOUND,
        /** The bytes are not those that the digest names. */
        CORRUPT,
        /** The store has no room, or the local disk has none. */
        NO_SPACE,
        /** The store cannot be reached, or keeps failing. Trying again later may help. */
        UNAVAILABLE
    }

    private final Kind kind;

    public ArtifactStoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public ArtifactStoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
