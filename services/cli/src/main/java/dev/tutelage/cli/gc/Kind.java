package dev.tutelage.cli.gc;

/** What housekeeping removes. */
public enum Kind {
    /** Artifacts that no fact names. */
    UNNAMED("artifacts that nothing names"),
    /** Snapshots of runs that are at their end. */
    SNAPSHOTS("snapshots of ended runs"),
    /** Notes about attempts of runs that are at their end. */
    ATTEMPTS("notes about attempts of ended runs"),
    /** Files of checkpoints that newer ones have superseded. */
    CHECKPOINTS("files of superseded checkpoints"),
    /** Soft labels of teachers that lost the role. */
    SOFT_LABELS("soft labels of earlier teachers");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
