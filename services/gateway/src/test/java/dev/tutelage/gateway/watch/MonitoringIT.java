package dev.tutelage.gateway.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.fixture.Programs;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus, with our alerts, that watches a real gateway. */
@Tag("slow")
@EnabledIf("canBeWatched")
class MonitoringIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Path MONITORING =
            Path.of("../../k8s/components/monitoring").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static GatewayProcess gateway;
    private static Process prometheus;
    private static int port;

    static boolean canBeWatched() {
        return Programs.isThere("prometheus");
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(
                    RunChanged.newBuilder()
                            .setRunId("r")
                            .setTask("birds")
                            .setStage(Stage.STAGE_PRETRAIN)
                            .setState(RunState.RUN_STATE_STARTED)
                            .build(),
                    DriftDetected.newBuilder().setTask("birds").build(),
                    DeadLettered.newBuilder()
                            .setService("labeler")
                            .setSourceTopic("tutelage.label-requests")
                            .build()));
        }
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: tutelage
                    metrics_path: /q/metrics
                    static_configs: [{targets: ["%s"], labels: {service: gateway}}]
                """.formatted(
                        MONITORING.resolve("alerts.yaml"), gateway.at("/").getAuthority()));
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .inheritIO()
                .start();
        await("a few scrapes").atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(
                        result("count_over_time(tutelage_gateway_dead_letters[1m]) > 3"))
                .isNotEmpty());
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.destroyForcibly().onExit().join();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    private static JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .build();
        JsonNode answer = JSON.readTree(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
        assertThat(answer.path("status").asText()).as(path + ": " + answer).isEqualTo("success");
        return answer.path("data");
    }

    private static JsonNode result(String expression) throws IOException, InterruptedException {
        return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result");
    }

    @Test
    void alertsAreRaisedByWhatAGatewayServes() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(get("rules").findValuesAsText("health"))
                    .hasSize(alerts())
                    .containsOnly("ok");
            Set<String> firing = new TreeSet<>();
            get("alerts").path("alerts").forEach(alert -> {
                if (alert.path("state").asText().equals("firing")) {
                    firing.add(alert.at("/labels/alertname").asText());
                }
            });
            assertThat(firing).containsExactly("TutelageDeadLetter", "TutelageDrift");
        });
    }

    /** All that asks for what a gateway serves has an answer; the rest is a question that Prometheus understands. */
    @Test
    void dashboardsHaveData() throws Exception {
        Set<String> served = new TreeSet<>();
        get("label/__name__/values").forEach(name -> served.add(name.asText()));
        assertThat(served).containsAll(ofOthers());
        List<String> answered = new ArrayList<>();
        for (String expression : expressions()) {
            JsonNode result = result(expression);
            boolean isServed = served.stream().anyMatch(name -> Pattern.compile("\\b" + name + "\\b")
                    .matcher(expression)
                    .find());
            if (isServed) {
                assertThat(result).as(expression).isNotEmpty();
                answered.add(expression);
            }
        }
        assertThat(answered).hasSizeGreaterThanOrEqualTo(8);
    }

    private static int alerts() throws IOException {
        return (int) Files.readAllLines(MONITORING.resolve("alerts.yaml")).stream()
                .filter(line -> line.strip().startsWith("- alert:"))
                .count();
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (Stream<Path> files = Files.list(MONITORING.resolve("dashboards"))) {
            for (Path file : files.toList()) {
                JSON.readTree(file.toFile()).findValues("expr").forEach(each -> expressions.add(each.asText()));
            }
        }
        return expressions;
    }

    /** What docs/observability.md names of libraries' metrics. */
    private static Set<String> ofOthers() throws IOException {
        return Pattern.compile("(?m)^\\| `([a-z]+_[a-z_]+)` \\|")
                .matcher(Files.readString(Path.of("../../docs/observability.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
