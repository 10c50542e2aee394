package dev.tutelage.gateway.predict;

/** What logits say, as probabilities. */
public final class Probabilities {
    private Probabilities() {}

    /**
     * The softmax of each row.
     *
     * @param logits [N * classes] in row-major order
     * @return [N * classes] in row-major order
     */
    public static double[] of(float[] logits, int classes) {
        double[] probabilities = new double[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                largest = Math.max(largest, logits[row + c]);
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                // No more than 1, whatever the logits: they do not overflow.
                probabilities[row + c] = Math.exp(logits[row + c] - largest);
                sum += probabilities[row + c];
            }
            for (int c = 0; c < classes; c++) {
                probabilities[row + c] /= sum;
            }
        }
        return probabilities;
    }
}
