package dev.tutelage.cli.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.cli.IndentedJson;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What labeling costs and how long it takes.
 *
 * @param encoder of the teacher: the preset of pretraining that it is of
 * @param rounds images a second of each side, side by side
 * @param memoryLoop median images a second of a loop over tensors in memory
 * @param decodingLoop median images a second of a loop that decodes
 * @param service median images a second from shards announced to soft labels committed
 * @param serviceOverDecodingLoop median of the rounds' ratios
 * @param cpuSecondsPerMillion of each process while the service labeled the shards of 1,000
 * @param smallShards images a second of the service with small shards, as many as it takes
 * @param latencyMs from ShardAdded to SoftLabelsAdded, at a steady half of that load
 * @param relabel the same while a new teacher labels the shards of before again
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record LabelBenchResult(
        String encoder,
        List<Round> rounds,
        double memoryLoop,
        double decodingLoop,
        double service,
        double serviceOverDecodingLoop,
        Map<String, Double> cpuSecondsPerMillion,
        double smallShards,
        Latency latencyMs,
        Relabeled relabel) {

    /** One round: images a second. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Round(double memoryLoop, double decodingLoop, double service) {

        double serviceOverDecodingLoop() {
            return service / decodingLoop;
        }
    }

    /**
     * How long shards waited for their labels, in milliseconds.
     *
     * @param shards that were measured
     * @param images of each
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Latency(int shards, int images, double p50, double p99, double max) {

        static Latency of(List<Double> milliseconds, int images) {
            List<Double> sorted = milliseconds.stream().sorted().toList();
            return new Latency(
                    sorted.size(), images, percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1));
        }

        /** The smallest value that at least this share of the values does not exceed. */
        private static double percentile(List<Double> sorted, double share) {
            return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
        }
    }

    /**
     * A new teacher took over.
     *
     * @param images of the backlog
     * @param seconds from the promotion until they were labeled again
     * @param firstLabelsMs from the promotion to the first labels of the new teacher, in milliseconds
     * @param latencyMs of live shards meanwhile
     * @param p99Ratio of that and the one without a backlog
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Relabeled(long images, double seconds, double firstLabelsMs, Latency latencyMs, double p99Ratio) {}

    static LabelBenchResult of(
            String encoder,
            List<Round> rounds,
            Map<String, Double> cpuSecondsPerMillion,
            double smallShards,
            Latency latency,
            Relabeled relabel) {
        return new LabelBenchResult(
                encoder,
                rounds,
                median(rounds.stream().map(Round::memoryLoop).toList()),
                median(rounds.stream().map(Round::decodingLoop).toList()),
                median(rounds.stream().map(Round::service).toList()),
                median(rounds.stream().map(Round::serviceOverDecodingLoop).toList()),
                cpuSecondsPerMillion,
                smallShards,
                latency,
                relabel);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    String json() throws IOException {
        return IndentedJson.of(this);
    }

    List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "median: memory %,.0f, decoding %,.0f, service %,.0f images/s; service/decoding %.3f",
                        memoryLoop,
                        decodingLoop,
                        service,
                        serviceOverDecodingLoop),
                "CPU seconds per million images: "
                        + cpuSecondsPerMillion.entrySet().stream()
                                .map(each -> String.format(Locale.ROOT, "%s %,.0f", each.getKey(), each.getValue()))
                                .collect(Collectors.joining(", ")),
                String.format(
                        Locale.ROOT,
                        "shards of %d: %,.0f images/s; at half of that p50 %.0f ms, p99 %.0f ms, at most %.0f ms (%d shards)",
                        latencyMs.images(),
                        smallShards,
                        latencyMs.p50(),
                        latencyMs.p99(),
                        latencyMs.max(),
                        latencyMs.shards()),
                String.format(
                        Locale.ROOT,
                        "a new teacher labels after %.0f ms; while it labels %,d images again (%.0f s): p50 %.0f ms, p99"
                                + " %.0f ms, %.2f times as much (%d shards)",
                        relabel.firstLabelsMs(),
                        relabel.images(),
                        relabel.seconds(),
                        relabel.latencyMs().p50(),
                        relabel.latencyMs().p99(),
                        relabel.p99Ratio(),
                        relabel.latencyMs().shards()));
    }
}
