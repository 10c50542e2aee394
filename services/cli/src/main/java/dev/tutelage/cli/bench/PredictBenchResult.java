package dev.tutelage.cli.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.cli.IndentedJson;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * How fast predictions are.
 *
 * @param encoder of the student: the preset of pretraining that it is of
 * @param seed of its weights
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record PredictBenchResult(String encoder, int seed, List<Measured> measured) {

    PredictBenchResult {
        measured = List.copyOf(measured);
    }

    /**
     * What clients of one kind saw.
     *
     * @param protocol predict: image files; infer: tensors of the Open Inference Protocol
     * @param clients at once, each with one request under way
     * @param requests of one image, all answered
     * @param perSecond requests a second, of all clients
     * @param p50 median of the milliseconds from a request to its whole answer
     * @param p99 which one of a hundred requests exceeds, in milliseconds
     * @param max milliseconds of the slowest
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Measured(String protocol, int clients, int requests, double perSecond, double p50, double p99, double max) {

        static Measured of(PredictLoad.Protocol protocol, int clients, List<Double> milliseconds, double seconds) {
            List<Double> sorted = milliseconds.stream().sorted().toList();
            return new Measured(
                    protocol.name().toLowerCase(Locale.ROOT),
                    clients,
                    sorted.size(),
                    sorted.size() / seconds,
                    percentile(sorted, 0.5),
                    percentile(sorted, 0.99),
                    percentile(sorted, 1));
        }

        /** The smallest value that at least this share of the values does not exceed. */
        private static double percentile(List<Double> sorted, double share) {
            return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-7s  %3d at once: %,6.0f images/s, p50 %.1f ms, p99 %.1f ms, at most %.0f ms (%,d requests)",
                    protocol,
                    clients,
                    perSecond,
                    p50,
                    p99,
                    max,
                    requests);
        }
    }

    String json() throws IOException {
        return IndentedJson.of(this);
    }

    List<String> lines() {
        return measured.stream().map(Measured::line).toList();
    }
}
