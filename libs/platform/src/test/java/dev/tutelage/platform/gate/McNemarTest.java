package dev.tutelage.platform.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.event.v1.PairedComparison;
import dev.tutelage.platform.gate.Predictions.Prediction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {

    /** The sum of the binomial coefficients from b up, over 2 to the power of b + c. */
    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "0,1", "5,0", "5,5", "12,3", "3,12", "40,25", "120,80", "700,600"})
    void theProbabilityIsThatOfTheNaiveSum(int candidateOnly, int holderOnly) {
        int pairs = candidateOnly + holderOnly;
        BigInteger ways = BigInteger.ZERO;
        for (int k = candidateOnly; k <= pairs; k++) {
            ways = ways.add(choose(pairs, k));
        }
        double expected = new BigDecimal(ways)
                .divide(new BigDecimal(BigInteger.TWO.pow(pairs)), MathContext.DECIMAL64)
                .doubleValue();
        assertThat(McNemar.pValue(candidateOnly, holderOnly)).isCloseTo(expected, within(1e-12));
    }

    private static BigInteger choose(int n, int k) {
        BigInteger ways = BigInteger.ONE;
        for (int i = 1; i <= k; i++) {
            ways = ways.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
        }
        return ways;
    }

    @Test
    void onlyImagesThatBothSawWithTheSameLabelAreCompared() {
        Predictions candidate = new Predictions(
                3,
                Map.of(
                        "both right", new Prediction(1, 1),
                        "both wrong", new Prediction(1, 0),
                        "candidate alone", new Prediction(2, 2),
                        "candidate alone too", new Prediction(0, 0),
                        "holder alone", new Prediction(0, 1),
                        "not seen by the holder", new Prediction(1, 1),
                        "labeled otherwise now", new Prediction(1, 1)));
        Predictions holder = new Predictions(
                3,
                Map.of(
                        "both right", new Prediction(1, 1),
                        "both wrong", new Prediction(1, 2),
                        "candidate alone", new Prediction(2, 0),
                        "candidate alone too", new Prediction(0, 1),
                        "holder alone", new Prediction(0, 0),
                        "not seen by the candidate", new Prediction(1, 1),
                        "labeled otherwise now", new Prediction(2, 1)));
        PairedComparison found = McNemar.compare(candidate, holder, 0.9);
        assertThat(found.getImages()).isEqualTo(5);
        assertThat(found.getCandidateOnly()).isEqualTo(2);
        assertThat(found.getHolderOnly()).isEqualTo(1);
        assertThat(found.getPValue()).as("of 8 ways 3 + 1").isCloseTo(0.5, within(1e-12));
        assertThat(found.getConfidence()).isEqualTo(0.9);
    }
}
