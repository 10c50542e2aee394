package dev.tutelage.gateway.console;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.stored.SoftLabelBytes;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.fixture.Chromium;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How soon a browser shows something of a task that is large. The figures in benchmarks/console.md are this test's. */
@Tag("slow")
@EnabledIf("dev.tutelage.platform.fixture.Chromium#isThere")
class FirstPaintIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final int VISITS = 7;
    private static final double LONGEST_MILLIS = 1000;
    private static final String PAINT = "new Promise(done => new PerformanceObserver(list => list.getEntries()"
            + ".filter(each => each.name === 'first-contentful-paint').forEach(each => done(each.startTime)))"
            + ".observe({type: 'paint', buffered: true}))";
    private static final String FIRST_BYTE = "performance.getEntriesByType('navigation')[0].responseStart";
    private static final String SIZE = "performance.getEntriesByType('navigation')[0].decodedBodySize";

    /**
     * A look at a page by a browser that has nothing of it in its cache.
     *
     * @param paint milliseconds from the request to the first thing that is seen
     * @param firstByte milliseconds from the request to the first byte of the answer
     * @param bytes of the page's HTML
     */
    private record Look(double paint, double firstByte, double bytes) {}

    @Test
    void everyPageIsSeenWithinASecondWithTenThousandRunsAndAMillionImages() throws Exception {
        String task = LocalKafka.unique("crowd");
        int facts;
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            facts = new Crowd(new Story(task), log, logits()).say();
        }
        long start = System.nanoTime();
        try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, Map.of());
                Chromium chromium = Chromium.launch(GatewayProcess.HEADERS)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            given().get(gateway.at("/api/tasks/" + task)).then().statusCode(200);
            Map<String, List<Look>> looks = looks(gateway, chromium, "/tasks/" + task);
            System.out.print(report(facts, seconds, heap(gateway), looks));
            assertThat(looks).allSatisfy((page, all) -> assertThat(
                            median(all.stream().map(Look::paint).toList()))
                    .as(page)
                    .isLessThan(LONGEST_MILLIS));
        }
    }

    /** What a teacher says of the images of a shard, stored. */
    private static Artifact logits() {
        Random random = new Random(1);
        List<String> digests = IntStream.range(0, Crowd.IMAGES_PER_SHARD)
                .mapToObj(i -> Sha256.of(Integer.toString(i).getBytes(UTF_8)))
                .toList();
        float[] logits = new float[Crowd.IMAGES_PER_SHARD * Story.CLASSES.size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian();
        }
        return S3.store().put(SoftLabelBytes.of(digests, logits), "soft-labels.safetensors");
    }

    private static Map<String, List<Look>> looks(GatewayProcess gateway, Chromium chromium, String base) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("Overview", base);
        pages.put("Runs", base + "/runs");
        pages.put("Run", base + "/runs/run-9000");
        pages.put("Models", base + "/models");
        pages.put("Data", base + "/data");
        pages.put("Labels", base + "/labels");
        pages.put("Label images", base + "/label");
        pages.put("Drift", base + "/drift");
        pages.put("Try it", base + "/try");
        pages.put("Tasks", "/");
        pages.put("Health", "/health");
        Map<String, List<Look>> looks = new LinkedHashMap<>();
        for (int visit = 0; visit < VISITS; visit++) {
            pages.forEach((name, path) ->
                    looks.computeIfAbsent(name, none -> new ArrayList<>()).add(look(gateway, chromium, path)));
        }
        return looks;
    }

    private static Look look(GatewayProcess gateway, Chromium chromium, String path) {
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at(path).toString());
            assertThat(page.locator("h1").count()).as(path).isOne();
            return new Look(number(page, PAINT), number(page, FIRST_BYTE), number(page, SIZE));
        }
    }

    private static double number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Megabytes of live objects and garbage on the Java heap, and of what it may be. */
    private static String heap(GatewayProcess gateway) {
        String metrics = given().get(gateway.at("/q/metrics")).asString();
        return String.format(
                Locale.ROOT,
                "%.0f MB of %.0f MB",
                heap(metrics, "jvm_memory_used_bytes"),
                heap(metrics, "jvm_memory_max_bytes"));
    }

    private static double heap(String metrics, String name) {
        return metrics.lines()
                        .filter(line -> line.startsWith(name + "{") && line.contains("area=\"heap\""))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .filter(bytes -> bytes > 0)
                        .sum()
                / 1e6;
    }

    private static String report(int facts, double seconds, String heap, Map<String, List<Look>> looks) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%,d facts: %,d runs, %,d images. Ready after %.1f s; heap %s.%n%n"
                        + "| page | HTML, kB | first byte, ms | first paint, ms: first visit | median of %d | longest |%n"
                        + "|---|---|---|---|---|---|%n",
                facts,
                Crowd.RUNS,
                Crowd.SHARDS * Crowd.IMAGES_PER_SHARD,
                seconds,
                heap,
                VISITS));
        looks.forEach((page, all) -> {
            List<Double> paints = all.stream().map(Look::paint).toList();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %.0f | %.0f | %.0f |%n",
                    page,
                    all.get(0).bytes() / 1000,
                    median(all.stream().map(Look::firstByte).toList()),
                    paints.get(0),
                    median(paints),
                    paints.stream().mapToDouble(Double::doubleValue).max().orElseThrow()));
        });
        return text.toString();
    }
}
