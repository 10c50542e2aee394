package dev.tutelage.gateway.predict;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real students answer through the gateway as it is packaged. */
@Timeout(300)
class PredictIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    static Path folder;

    private static final ImageShape LARGER = new ImageShape(1, 40, 31);
    private static FactLog log;
    private static GatewayProcess gateway;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ArtifactStore store = S3.store();

    @BeforeAll
    static void start() throws IOException {
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        gateway = GatewayProcess.start(
                KAFKA,
                S3,
                Map.of(
                        "ai.djl.offline", "true",
                        "tutelage.work-dir", folder.resolve("work").toString(),
                        "tutelage.gateway.predict.linger", "200ms",
                        "tutelage.gateway.predict.retry", "1s",
                        "tutelage.gateway.predict.versions", "1",
                        "tutelage.gateway.predict.model-memory", "1",
                        "tutelage.gateway.predict.largest-image", "20K"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        log.close();
    }

    @Test
    void answersAreThoseOfTheModelForEveryFormatAndSize() throws Exception {
        RandomStudent student = answering(task(), 1);
        DirectModel direct = new DirectModel(student.model());
        for (byte[] image : List.of(
                TestImages.png(RandomStudent.SHAPE, 1),
                TestImages.png(LARGER, 2),
                TestImages.encoded(".jpg", LARGER, 3))) {
            double[] expected = direct.probabilities(DirectModel.values(image, RandomStudent.SHAPE));
            assertSays(predict(student.task(), image), student, expected);
            JsonPath ofForm = given().multiPart("image", "bird", image)
                    .post(at(student.task()))
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertSays(ofForm, student, expected);
        }
    }

    /** Both were answered with 500 once; schemathesis thought of them. */
    @ParameterizedTest
    @ValueSource(strings = {"--b\r\n[]--b--\r\n", "--b\r\n[{'name': [\"a\"]}, -4.78e-290]--b--\r\n"})
    void aFormWhosePartsCannotBeToldApartIsRefused(String form) throws Exception {
        String task = answering(task(), 1).task();
        HttpResponse<String> answer = http.send(
                gateway.request("/api/tasks/" + task + "/predict")
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("form");
    }

    @Test
    void aVersionIsAskedByTheBeginningOfItsDigest() throws Exception {
        RandomStudent first = answering(task(), 1);
        RandomStudent second = RandomStudent.stored(first.task(), 2, folder, store);
        second.publish(log);
        byte[] image = TestImages.png(RandomStudent.SHAPE, 5);
        String prefix = second.digest().substring(0, 10);
        await().untilAsserted(() -> given().body(image)
                .post(at(first.task()) + "?checkpoint=" + prefix)
                .then()
                .statusCode(200)
                .body("checkpoint", equalTo(second.digest())));
        assertThat(predict(first.task(), image).getString("checkpoint")).isEqualTo(first.digest());
        given().body(image)
                .post(at(first.task()) + "?checkpoint=nothing")
                .then()
                .statusCode(404)
                .body("detail", containsString(first.digest().substring(0, 12)));
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithWhatToDo() throws Exception {
        RandomStudent student = answering(task(), 1);
        byte[] image = TestImages.png(RandomStudent.SHAPE, 1);
        given().body("no image at all".getBytes(StandardCharsets.UTF_8))
                .post(at(student.task()))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("status", equalTo(422), "detail", containsString("neither PNG, JPEG nor WebP"));
        given().body(new byte[20 * 1024 + 1])
                .post(at(student.task()))
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("detail", containsString("20480 bytes"));
        given().body(image)
                .post(at("no-such-task"))
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("detail", containsString("no-such-task"));
        given().multiPart("a", "a", image)
                .multiPart("b", "b", image)
                .post(at(student.task()))
                .then()
                .statusCode(400)
                .body("detail", containsString("2 files"));

        String young = task();
        await().untilAsserted(() -> given().body(image)
                .post(at(young))
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("title", equalTo("No student yet"), "detail", containsString("tutelage promote " + young)));
        log.publish(List.of(CheckpointPublished.newBuilder()
                .setTask(young)
                .setDigest("ee".repeat(32))
                .setStage(Stage.STAGE_PRETRAIN)
                .build()));
        await().untilAsserted(() -> given().body(image)
                .post(at(young) + "?checkpoint=eeee")
                .then()
                .statusCode(404)
                .body("detail", containsString("is no classifier")));
    }

    /** Two promotions at once as well, so that some are passed over. Nobody is refused, and each answer is its model's. */
    @Test
    void studentsChangeUnderLoadWithoutARequestThatFails() throws Exception {
        String task = task();
        byte[] image = TestImages.png(RandomStudent.SHAPE, 7);
        float[] values = DirectModel.values(image, RandomStudent.SHAPE);
        List<RandomStudent> students = new ArrayList<>(List.of(answering(task, 1)));
        for (int seed = 2; seed <= 4; seed++) {
            RandomStudent next = RandomStudent.stored(task, seed, folder, store);
            next.publish(log);
            students.add(next);
        }
        Map<String, double[]> expected = new HashMap<>();
        for (RandomStudent student : students) {
            expected.put(student.digest(), new DirectModel(student.model()).probabilities(values));
        }
        AtomicBoolean enough = new AtomicBoolean();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        List<Future<List<JsonPath>>> asking = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asking.add(threads.submit(() -> {
                List<JsonPath> answers = new ArrayList<>();
                while (!enough.get()) {
                    JsonPath answer = predict(task, image);
                    seen.add(answer.getString("checkpoint"));
                    answers.add(answer);
                }
                return answers;
            }));
        }
        for (int number = 1; number <= 8; number++) {
            RandomStudent next = students.get(number % students.size());
            next.promote(log);
            if (number % 4 != 3) {
                awaitAnswering(next);
                await().until(() -> seen.contains(next.digest()));
            }
        }
        enough.set(true);
        for (Future<List<JsonPath>> each : asking) {
            for (JsonPath answer : each.get()) {
                assertProbabilities(answer, expected.get(answer.getString("checkpoint")));
            }
        }
        threads.shutdown();
        assertThat(seen).as("answers of many models").hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aStudentWhoseModelIsDamagedDoesNotTakeOverUntilItIsMended() throws Exception {
        RandomStudent good = answering(task(), 1);
        RandomStudent damaged = RandomStudent.stored(good.task(), 2, folder, store);
        String object =
                ArtifactStore.objectName(new Digest(damaged.storedModel().getDigest()));
        store.putNamed(object, "damaged".getBytes(StandardCharsets.UTF_8));
        damaged.publish(log);
        damaged.promote(log);
        byte[] image = TestImages.png(RandomStudent.SHAPE, 1);
        await().untilAsserted(() -> when().get(gateway.at("/q/health/ready"))
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'students' }.data.'" + good.task() + "'", containsString("damaged")));
        when().get(gateway.at("/v2/models/" + good.task()))
                .then()
                .statusCode(200)
                .body("parameters.not_loaded", containsString(damaged.digest()));
        assertThat(predict(good.task(), image).getString("checkpoint")).isEqualTo(good.digest());

        store.putNamed(object, damaged.model());
        awaitAnswering(damaged);
    }

    @Test
    void afterAKillTheStudentAnswersAsSoonAsTheGatewayIsReady() throws Exception {
        RandomStudent student = answering(task(), 3);
        gateway.kill();
        gateway.restart();
        assertThat(predict(student.task(), TestImages.png(RandomStudent.SHAPE, 1))
                        .getString("checkpoint"))
                .isEqualTo(student.digest());
    }

    @Test
    void thePageOfHealthTellsHowSoonTheStudentAnswers() throws Exception {
        RandomStudent student = answering(task(), 31);
        for (int i = 0; i < 3; i++) {
            predict(student.task(), TestImages.png(RandomStudent.SHAPE, i));
        }
        String row =
                Jsoup.parse(given().get(gateway.at("/health")).asString()).select("#answered tr").eachText().stream()
                        .filter(text -> text.startsWith(student.task()))
                        .findFirst()
                        .orElseThrow();
        assertThat(row).matches(student.task() + " 3 [0-9.]+ ms [0-9.]+ ms");
    }

    @Test
    void documentedMetricsAreServed() throws Exception {
        RandomStudent student = answering(task(), 3);
        predict(student.task(), TestImages.png(RandomStudent.SHAPE, 1));
        String documented = Files.readString(Path.of("../../docs/metrics.md"));
        assertThat(names("(?m)^# TYPE (tutelage_gateway_predict_[a-z_]+) ", metrics()))
                .isEqualTo(names("(?m)^\\| `(tutelage_gateway_predict_[a-z_]+)` ", documented))
                .isNotEmpty();
    }

    private static List<String> names(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    private static void assertSays(JsonPath answer, RandomStudent student, double[] expected) {
        assertThat(answer.getString("task")).isEqualTo(student.task());
        assertThat(answer.getString("checkpoint")).isEqualTo(student.digest());
        assertThat(answer.getDouble("millis")).isPositive();
        assertProbabilities(answer, expected);
    }

    private static void assertProbabilities(JsonPath answer, double[] expected) {
        List<String> names = answer.getList("classes.name", String.class);
        List<Double> probabilities = answer.getList("classes.probability", Double.class);
        assertThat(names).containsExactlyInAnyOrderElementsOf(RandomStudent.CLASSES);
        for (int i = 0; i < names.size(); i++) {
            assertThat(probabilities.get(i))
                    .isCloseTo(expected[RandomStudent.CLASSES.indexOf(names.get(i))], within(1e-5));
            assertThat(probabilities.get(i)).isLessThanOrEqualTo(probabilities.get(Math.max(0, i - 1)));
        }
    }

    private JsonPath predict(String task, byte[] image) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                gateway.request("/api/tasks/" + task + "/predict")
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(image))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonPath.from(answer.body());
    }

    private static String metrics() {
        return given().accept("text/plain").get(gateway.at("/q/metrics")).asString();
    }

    private String task() throws Exception {
        String task = LocalKafka.unique("birds");
        log.publish(List.of(TaskDeclared.newBuilder().setTask(task).build()));
        return task;
    }

    private RandomStudent answering(String task, long seed) throws Exception {
        RandomStudent student = RandomStudent.stored(task, seed, folder, store);
        student.publish(log);
        student.promote(log);
        awaitAnswering(student);
        return student;
    }

    private static void awaitAnswering(RandomStudent student) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> when().get(gateway.at("/v2/models/" + student.task() + "/ready"))
                        .then()
                        .statusCode(200)
                        .body("version", equalTo(student.digest())));
    }

    private static URI at(String task) {
        return gateway.at("/api/tasks/" + task + "/predict");
    }
}
