package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.integration.SpanReceiver.Received;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What services tell of their work when they are told to: spans that follow images from their upload to a promotion, across
 * Kafka, and JSON logs. The teacher is given, so that it takes seconds.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservabilityIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<String> SERVICES = List.of("labeler", "student-trainer", "gateway");
    private static final int UPLOADED = 30;
    private static final int STEPS = 7;

    private final ObjectMapper json = new ObjectMapper();
    private SpanReceiver receiver;
    private Machine machine;
    private List<RunChanged> ended = List.of();

    @BeforeAll
    void imagesBecomeAStudent(@TempDir Path directory) throws Exception {
        receiver = new SpanReceiver();
        machine = Machine.start(options(directory), status -> System.out.println(status.line()));
        try (TinyTask task = TinyTask.ofTraces(machine);
                Watcher watcher = new Watcher(task.name(), machine)) {
            task.declare();
            task.addHeldOut();
            task.promoteRandomTeacher(1);
            task.add(new byte[10240], 5, false);
            upload(task.name());
            watcher.await("a student", PATIENCE, () -> !watcher.promotions(Role.ROLE_STUDENT)
                    .isEmpty());
            watcher.await("the end of the bad shard", PATIENCE, () -> !watcher.runs(RunState.RUN_STATE_FAILED)
                    .isEmpty());
            watcher.catchUp();
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
            ended = new ArrayList<>(watcher.runs(RunState.RUN_STATE_SUCCEEDED));
            ended.addAll(watcher.runs(RunState.RUN_STATE_FAILED));
        }
    }

    private MachineOptions options(Path directory) {
        Map<String, String> environment = new HashMap<>(receiver.environment());
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true");
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withServices(List.of("labeler", "student-trainer"))
                .withGateway();
        for (String service : SERVICES) {
            options = options.withEnvironment(service, environment);
        }
        return options;
    }

    private void upload(String task) throws Exception {
        URI console = machine.console().orElseThrow();
        HttpRequest request = HttpRequest.newBuilder(console.resolve("/api/tasks/" + task + "/images"))
                .header("Authorization", "Bearer " + console.getFragment())
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zip()))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    private static byte[] zip() throws IOException {
        ImageSet images = TinyTask.train().withoutLabels();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < UPLOADED; i++) {
                zip.putNextEntry(new ZipEntry("image-" + i + ".png"));
                zip.write(ImageCodec.png(images.shape(), images.pixels(i)));
            }
        }
        return bytes.toByteArray();
    }

    @AfterAll
    void stop() {
        machine.close();
        receiver.close();
    }

    @Test
    void thePromotionOfAStudentIsReachedFromTheUploadOfItsImages() throws Exception {
        Received promotion = awaitSpan(span -> span.hasEvent("promoted"));
        assertThat(promotion.attribute("tutelage.role")).contains("student");
        List<Received> path =
                await().atMost(SOON).until(() -> receiver.whatLedTo(promotion), found -> found.size() >= STEPS);
        assertThat(path)
                .extracting(Received::title)
                .containsExactly(
                        "student-trainer: judge student",
                        "student-trainer: distill",
                        "student-trainer: request distill",
                        "labeler: label",
                        "labeler: request label",
                        "gateway: pack",
                        "gateway: POST /api/tasks/{task}/images");
        assertThat(path.subList(0, STEPS - 1))
                .allSatisfy(span -> assertThat(span.attribute("tutelage.task")).contains("traced"));
        assertThat(path.get(STEPS - 1).span().getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(path.get(3).attribute("tutelage.shard"))
                .isPresent()
                .isEqualTo(path.get(4).attribute("tutelage.shard"));
        assertThat(path.get(1).span().getTraceId())
                .as("a training, which many shards lead to, begins a trace")
                .isEqualTo(path.get(2).span().getTraceId())
                .isNotEqualTo(path.get(3).span().getTraceId());
        assertThat(path.get(3).span().getTraceId())
                .isEqualTo(path.get(STEPS - 1).span().getTraceId());
    }

    private Received awaitSpan(Predicate<Received> wanted) {
        return await().atMost(SOON)
                .until(() -> receiver.all().stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void everyLineOfALogIsJsonAndThoseAboutARunNameIt() throws Exception {
        Map<String, List<JsonNode>> lines = new HashMap<>();
        for (String service : SERVICES) {
            lines.put(service, lines(service));
        }
        assertThat(lines.values())
                .allSatisfy(each -> assertThat(each).isNotEmpty().allSatisfy(line -> {
                    assertThat(line.path("message").asText()).isNotEmpty();
                    assertThat(line.path("level").asText()).isNotEmpty();
                    assertThat(line.path("timestamp").asText()).isNotEmpty();
                }));
        assertThat(ended).hasSizeGreaterThanOrEqualTo(3).allSatisfy(run -> {
            String service = run.getRunId().startsWith("label") ? "labeler" : "student-trainer";
            assertThat(lines.get(service))
                    .as("what was asked for is logged with the run's fields")
                    .anySatisfy(line -> {
                        assertThat(line.path("message").asText()).startsWith("Requested run " + run.getRunId());
                        assertThat(line.at("/mdc/run").asText()).isEqualTo(run.getRunId());
                        assertThat(line.at("/mdc/task").asText()).isEqualTo("traced");
                    });
        });
        RunChanged failed = ended.stream()
                .filter(run -> run.getState() == RunState.RUN_STATE_FAILED)
                .findFirst()
                .orElseThrow();
        JsonNode error = lines.get("labeler").stream()
                .filter(line -> line.path("level").asText().equals("ERROR"))
                .findFirst()
                .orElseThrow();
        assertThat(error.at("/mdc/run").asText()).isEqualTo(failed.getRunId());
        assertThat(error.at("/mdc/stage").asText()).isEqualTo("label");
        assertThat(error.at("/mdc/shard").asText()).isEqualTo(failed.getDataset());
        Received run = awaitSpan(span -> span.attribute("tutelage.run").equals(Optional.of(failed.getRunId()))
                && span.title().equals("labeler: label"));
        assertThat(error.at("/mdc/spanId").asText()).isEqualTo(run.id());
        assertThat(run.hasEvent("failed")).isTrue();
    }

    private List<JsonNode> lines(String service) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(machine.state().log(service))) {
            lines.add(json.readTree(line));
        }
        return lines;
    }
}
