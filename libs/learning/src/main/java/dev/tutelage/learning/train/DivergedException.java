package dev.tutelage.learning.train;

/** The loss of a training is no longer a number, or has exploded. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param lastGood step of the newest snapshot, 0 if there is none */
    DivergedException(String phase, long step, double learningRate, double loss, long lastGood) {
        super(phase + " diverged: the loss of step " + step + " is " + loss + " at learning rate " + learningRate
                + ". Try a lower optimizer.learningRate, a longer optimizer.warmup or a higher temperature. "
                + (lastGood == 0
                        ? "No snapshot was written before"
                        : "The last good snapshot is that after step " + lastGood));
    }
}
