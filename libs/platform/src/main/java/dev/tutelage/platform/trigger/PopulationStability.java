package dev.tutelage.platform.trigger;

import java.util.List;

/**
 * The population stability index of two histograms of the same bins, a symmetric Kullback-Leibler divergence: the sum over
 * bins of (p - q) ln(p / q), where p and q are the bins' shares. By rule of thumb less than 0.1 is no shift and more than
 * 0.25 is a large one.
 *
 * <p>Half an image is added to each bin, so that empty ones give no infinity.
 */
final class PopulationStability {
    /** Standard normal quantile of 0.999. */
    private static final double ONE_IN_A_THOUSAND = 3.0902;

    private PopulationStability() {}

    /** The index, 0 or more. */
    static double index(List<Long> reference, List<Long> seen) {
        if (reference.size() != seen.size()) {
            throw new IllegalArgumentException(
                    "histograms of " + reference.size() + " and of " + seen.size() + " bins cannot be compared");
        }
        double sum = 0;
        for (int bin = 0; bin < seen.size(); bin++) {
            double expected = share(reference, bin);
            double actual = share(seen, bin);
            sum += (actual - expected) * Math.log(actual / expected);
        }
        return sum;
    }

    private static double share(List<Long> histogram, int bin) {
        return (histogram.get(bin) + 0.5) / (images(histogram) + 0.5 * histogram.size());
    }

    static long images(List<Long> histogram) {
        return histogram.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * What the index of two samples of one distribution exceeds about once in a thousand times: times the harmonic number of
     * images it is distributed as chi-squared with one degree of freedom fewer than bins (Yurdakul and Naranjo, Statistical
     * properties of the population stability index, 2020). The quantile is Wilson and Hilferty's.
     */
    static double byChance(List<Long> reference, List<Long> seen) {
        double freedom = seen.size() - 1.0;
        double part = 2 / (9 * freedom);
        double quantile = freedom * Math.pow(1 - part + ONE_IN_A_THOUSAND * Math.sqrt(part), 3);
        return quantile * (1.0 / images(reference) + 1.0 / images(seen));
    }
}
