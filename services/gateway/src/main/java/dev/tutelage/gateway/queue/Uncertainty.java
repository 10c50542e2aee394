package dev.tutelage.gateway.queue;

/** How unsure teachers are, from the probabilities of the classes. */
final class Uncertainty {
    private Uncertainty() {}

    /** What the likeliest class has ahead of the second, 0 to 1; 1 where there is no second. */
    static double margin(double[] probabilities) {
        double first = 0;
        double second = 0;
        for (double probability : probabilities) {
            if (probability > first) {
                second = first;
                first = probability;
            } else if (probability > second) {
                second = probability;
            }
        }
        return first - second;
    }

    /** The entropy, in nats: 0 to the logarithm of the number of classes; no number where a probability is none. */
    static double entropy(double[] probabilities) {
        double entropy = 0;
        for (double probability : probabilities) {
            entropy -= probability == 0 ? 0 : probability * Math.log(probability);
        }
        return entropy;
    }

    /**
     * The Jensen-Shannon divergence, in nats: 0 where both are the same, ln 2 where they share no class.
     *
     * @see <a href="https://doi.org/10.1109/18.61115">Lin 1991, equation 3.6</a>
     */
    static double divergence(double[] one, double[] other) {
        double[] middle = new double[one.length];
        for (int c = 0; c < one.length; c++) {
            middle[c] = (one[c] + other[c]) / 2;
        }
        // Of equals, rounding can leave a little less than nothing.
        return Math.max(0, entropy(middle) - (entropy(one) + entropy(other)) / 2);
    }
}
