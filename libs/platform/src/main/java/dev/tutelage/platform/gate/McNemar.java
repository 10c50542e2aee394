package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.PairedComparison;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The exact McNemar test, one-sided: whether one classifier is better than another on the same images. Only images that one
 * alone is right about tell; if both were equally good, each of these would be as likely the one's as the other's.
 */
final class McNemar {

    private McNemar() {}

    /**
     * How likely it is that the candidate alone is right about so many images or more, if both are equally good: 0 to 1.
     *
     * @param candidateOnly images that the candidate alone is right about
     * @param holderOnly images that the holder alone is right about
     */
    static double pValue(int candidateOnly, int holderOnly) {
        return BinomialDistribution.of(candidateOnly + holderOnly, 0.5).survivalProbability(candidateOnly - 1);
    }

    /**
     * Compares two on the images that both were evaluated on, those that have the same label for both.
     *
     * @param confidence that is asked for, for the record
     */
    static PairedComparison compare(Predictions candidate, Predictions holder, double confidence) {
        int images = 0;
        int candidateOnly = 0;
        int holderOnly = 0;
        for (var each : candidate.byImage().entrySet()) {
            Predictions.Prediction one = each.getValue();
            Predictions.Prediction other = holder.byImage().get(each.getKey());
            if (other != null && other.label() == one.label()) {
                images++;
                candidateOnly += one.right() && !other.right() ? 1 : 0;
                holderOnly += other.right() && !one.right() ? 1 : 0;
            }
        }
        return PairedComparison.newBuilder()
                .setImages(images)
                .setCandidateOnly(candidateOnly)
                .setHolderOnly(holderOnly)
                .setPValue(pValue(candidateOnly, holderOnly))
                .setConfidence(confidence)
                .build();
    }
}
