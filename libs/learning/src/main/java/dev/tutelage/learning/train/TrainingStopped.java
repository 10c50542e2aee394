package dev.tutelage.learning.train;

/** A training ended early because its observer asked for it; a snapshot of this step was written before. */
public final class TrainingStopped extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long step;

    TrainingStopped(String phase, long step) {
        super(phase + " stopped on request after step " + step + "; a snapshot was written");
        this.step = step;
    }

    /** Steps done. */
    public long step() {
        return step;
    }
}
