package dev.tutelage.learning.train;

/** The loss of a training is no longer a number. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DivergedException(String phase, long step, double learningRate, double loss) {
        super(phase + " diverged: the loss of step " + step + " is " + loss + " at learning rate " + learningRate
                + ". Try a lower optimizer.learningRate, a longer optimizer.warmup or a higher temperature");
    }
}
