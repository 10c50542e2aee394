package dev.tutelage.platform.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheus.PrometheusNamingConvention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps docs/metrics.md what the code says. {@code -Dtutelage.write-docs=true} writes the page anew. */
class MetricPageTest {
    private static final Path PROJECT = Path.of("../..");
    private static final Path PAGE = PROJECT.resolve("docs/metrics.md");

    @Test
    void thePageSaysWhatTheMetersAre() throws IOException {
        String page = page();
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("mvn -pl libs/platform test -Dtutelage.write-docs=true writes it")
                .hasContent(page);
    }

    /** What the code calls its meters in Prometheus is what Micrometer's convention makes of them. */
    @Test
    // Quarkus' registry is that of the older client, which Micrometer has deprecated.
    @SuppressWarnings("deprecation")
    void namesAreThoseThatPrometheusShows() {
        PrometheusNamingConvention convention = new PrometheusNamingConvention();
        assertThat(Metric.values()).allSatisfy(metric -> {
            Meter.Type type = type(metric.kind());
            assertThat(metric.shown())
                    .isEqualTo(
                            metric.unit() == Metric.Unit.ONE
                                    ? convention.name(metric.id(), type)
                                    : convention.name(metric.id(), type, metric.baseUnit()));
        });
    }

    private static Meter.Type type(Metric.Kind kind) {
        return switch (kind) {
            case COUNTER -> Meter.Type.COUNTER;
            case GAUGE -> Meter.Type.GAUGE;
            case SUMMARY -> Meter.Type.DISTRIBUTION_SUMMARY;
            case HISTOGRAM, QUANTILES -> Meter.Type.TIMER;
        };
    }

    /** A meter that is registered by another way would not be on the page. */
    @Test
    void nothingElseRegistersMeters() throws IOException {
        for (String part : List.of("libs", "services")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(part))) {
                List<Path> sources = files.filter(file -> file.toString().contains("/src/main/java/"))
                        .filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("Metric.java"))
                        .toList();
                assertThat(sources).hasSizeGreaterThan(50).allSatisfy(file -> assertThat(Files.readString(file))
                        .doesNotContainPattern(
                                "\\b(Gauge|Counter|FunctionCounter|Timer|DistributionSummary|MultiGauge)\\.builder")
                        .doesNotContainPattern("(registry|metrics)\\s*\\.(gauge|counter|timer|summary)\\("));
            }
        }
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Metrics

                Every service serves Prometheus's text format on `/q/metrics`, on its HTTP port (OpenMetrics to those who ask for it; text to those, like KEDA, who do not say). Beside those below there are Micrometer's
                own of the JVM, the HTTP server and the Kafka clients. This page is generated from `Metric`, from which all of them are registered; `DriftIT` and `PredictIT` check that what is served has the
                same names. [Observability](observability.md) tells what is made of them.

                Counters grow since the process began; take rates of them. Labels are in braces. Those of facts (`tutelage_gateway_...`) are what is on Kafka, so all gateways say the same: take their maximum, not their sum.

                | name | type | unit | served by | meaning |
                |---|---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            row(
                    page,
                    metric,
                    metric.shown(),
                    Metric.word(metric.kind()).replace("quantiles", "summary"),
                    metric.meaning());
            if (metric.hasMaximum()) {
                row(page, metric, metric.shown() + "_max", "gauge", "The largest of the last minutes");
            }
        }
        return page.toString();
    }

    private static void row(StringBuilder page, Metric metric, String name, String type, String meaning) {
        boolean isQuantile = metric.kind() == Metric.Kind.QUANTILES && name.equals(metric.shown());
        List<String> labels = Stream.concat(metric.tags().stream(), isQuantile ? Stream.of("quantile") : Stream.empty())
                .toList();
        page.append("| `").append(name).append('`');
        page.append(labels.isEmpty() ? "" : labels.stream().collect(Collectors.joining(", ", " {", "}")));
        page.append(" | ")
                .append(type)
                .append(" | ")
                .append(metric.unit() == Metric.Unit.ONE ? "1" : metric.baseUnit());
        page.append(" | ")
                .append(served(metric.source()))
                .append(" | ")
                .append(meaning)
                .append(" |\n");
    }

    private static String served(Metric.Source source) {
        return switch (source) {
            case WORKER -> "pretrainer, fine-tuner, labeler, student-trainer";
            case TRIGGER -> "the same, where they are triggers";
            case LABELER -> "labeler";
            case GATEWAY -> "gateway";
        };
    }
}
