package dev.tutelage.learning.optimizer;

/**
 * The learning rate over a run: it rises in a line to its peak and falls in half a cosine to 0.
 *
 * @param peak reached at the end of the warm-up
 * @param warmup the part of all steps in which it rises, 0 or more and less than 1
 * @param steps of the whole run, 1 or more
 */
public record Schedule(double peak, double warmup, long steps) {

    /**
     * The rate of a step.
     *
     * @param step 0..steps-1
     */
    public double at(long step) {
        double rising = warmup * steps;
        if (step < rising) {
            return peak * Math.min(1, (step + 1) / rising);
        }
        return peak * 0.5 * (1 + Math.cos(Math.PI * (step - rising) / Math.max(1, steps - rising)));
    }
}
