package dev.tutelage.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people write, and find again when it is answered. */
class WritesIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final String YAML = "application/yaml";
    private static final String JSON = "application/json";
    private static final String FILE = """
            task: NAME
            classes: [wren, robin]
            image: {channels: 3, height: 32, width: 48}
            seed: 7
            recipes:
              pretrain: {preset: quick}
              fine-tune: {preset: quick}
              label: {preset: quick}
              distill: {preset: quick}
            policies:
              pretrain-min-images: 100
              fine-tune-min-labels: 10
              distill-min-images: 100
              evaluation-min-images: 20
              promotion-min-top1: 12.5
            """;

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aTaskIsDeclaredOnceByItsFile() {
        String name = LocalKafka.unique("file");
        String file = FILE.replace("NAME", name);
        post("/api/tasks", YAML, file)
                .statusCode(201)
                .header("Location", containsString("/api/tasks/" + name))
                .body("task", equalTo(name))
                .body("declaration.policies.promotion_min_top1", equalTo(12.5f));
        get("/api/tasks/" + name).body("declaration.image.height", equalTo(32));
        post("/api/tasks", YAML, file).statusCode(200);
        problem(post("/api/tasks", YAML, file.replace("robin", "crow")), 409, "Task exists");
    }

    @Test
    void aTaskMayBeDeclaredByJsonOfTheSameShape() {
        String name = LocalKafka.unique("json");
        String json = """
                {"task": "NAME", "classes": ["wren", "robin"], "image": {"channels": 3, "height": 32, "width": 48},
                 "seed": 7, "recipes": {"pretrain": {"preset": "quick"}, "fine-tune": {"preset": "quick"},
                 "label": {"preset": "quick"}, "distill": {"preset": "quick"}},
                 "policies": {"pretrain-min-images": 100, "fine-tune-min-labels": 10, "distill-min-images": 100,
                 "evaluation-min-images": 20, "promotion-min-top1": 12.5}}
                """.replace("NAME", name);
        post("/api/tasks", JSON, json).statusCode(201);
        post("/api/tasks", YAML, FILE.replace("NAME", name)).statusCode(200);
        problem(post("/api/tasks", JSON, json.replace("}}", "}")), 400, "Invalid task")
                .body("detail", containsString("not valid JSON"));
    }

    @Test
    void aTaskFileThatIsWrongIsToldWhereAndWhatToDo() {
        problem(post("/api/tasks", YAML, FILE.replace("seed:", "sed:")), 400, "Invalid task")
                .body("detail", containsString("did you mean 'seed'?"));
        problem(post("/api/tasks", YAML, "["), 400, "Invalid task").body("detail", containsString("body, line"));
        problem(post("/api/tasks", YAML, ""), 400, "Invalid task");
        given().contentType("image/png")
                .body(new byte[] {1, 2})
                .post(gateway.at("/api/tasks"))
                .then()
                .statusCode(415);
    }

    @Test
    void aTaskIsChangedButForWhatItsCheckpointsAreMadeFor() {
        String name = LocalKafka.unique("changed");
        String file = FILE.replace("NAME", name);
        String path = "/api/tasks/" + name;
        problem(put(path, file), 404, "Unknown task");
        post("/api/tasks", YAML, file).statusCode(201);
        put(path, file.replace("12.5", "33")).statusCode(200);
        get(path).body("declaration.policies.promotion_min_top1", equalTo(33.0f));
        problem(put(path, file.replace("robin", "crow")), 409, "Refused");
        problem(put(path, file.replace(name, name + "x")), 400, "Another task");
    }

    @Test
    void aTaskPausesAndGoesOn() {
        String name = LocalKafka.unique("paused");
        post("/api/tasks", YAML, FILE.replace("NAME", name)).statusCode(201);
        String path = "/api/tasks/" + name;
        post(path + "/pause", JSON, "{\"reason\": \"holidays\"}")
                .statusCode(200)
                .body("paused", equalTo(true))
                .body("changed", equalTo(true));
        get(path).body("paused", equalTo(true));
        given().post(gateway.at(path + "/pause")).then().statusCode(200).body("changed", equalTo(false));
        given().post(gateway.at(path + "/resume")).then().statusCode(200).body("changed", equalTo(true));
        get(path).body("paused", equalTo(false));
        problem(post("/api/tasks/none-such/pause", JSON, ""), 404, "Unknown task");
        problem(post(path + "/pause", JSON, "{\"reasons\": 1}"), 400, "Bad body")
                .body("detail", containsString("[reason]"));
        problem(post(path + "/pause", JSON, "{"), 400, "Bad body").body("detail", containsString("Line 1"));
    }

    @Test
    void aRunIsCancelledAndOneThatFailedIsAskedForAgain() throws Exception {
        Birds birds = new Birds(LocalKafka.unique("runs"));
        say(birds.declaration());
        say(birds.pretraining());
        say(List.of(
                birds.request("fine-tune", Stage.STAGE_FINE_TUNE),
                birds.changed("fine-tune", Stage.STAGE_FINE_TUNE, RunState.RUN_STATE_FAILED)));
        String runs = "/api/tasks/" + birds.task() + "/runs/";
        await().untilAsserted(() ->
                given().get(gateway.at(runs + birds.run("fine-tune"))).then().body("state", equalTo("failed")));

        String running = "/api/runs/" + birds.run("pretrain");
        problem(post(running + "/retry", JSON, ""), 409, "Refused");
        post(running + "/cancel", JSON, "{\"reason\": \"too slow\"}")
                .statusCode(202)
                .header("Location", containsString(runs + birds.run("pretrain")))
                .body("asked", equalTo("cancel"));
        get(runs + birds.run("pretrain"))
                .body("cancellations[0].reason", equalTo("too slow"))
                .body("cancellations[0].by", equalTo(GatewayProcess.NAME));
        problem(post(running + "/cancel", JSON, ""), 409, "Refused");

        String failed = "/api/runs/" + birds.run("fine-tune");
        problem(post(failed + "/cancel", JSON, ""), 409, "Refused");
        post(failed + "/retry", JSON, "").statusCode(202).body("retry", equalTo(1));
        get(runs + birds.run("fine-tune")).body("state", equalTo("requested")).body("retry", equalTo(1));
        problem(post("/api/runs/none/cancel", JSON, ""), 404, "Unknown run");
    }

    @Test
    void aRoleIsGivenAndGivenBack() throws Exception {
        Birds birds = new Birds(LocalKafka.unique("roles"));
        say(birds.declaration());
        say(birds.checkpoints());
        say(birds.promotions());
        String path = "/api/tasks/" + birds.task();
        await().untilAsserted(() -> given().get(gateway.at(path))
                .then()
                .body("roles.teacher.checkpoint", equalTo(birds.digest("teacher"))));

        post(path + "/promotions", JSON, "{\"role\": \"teacher\", \"reason\": \"looked at its errors\"}")
                .statusCode(201)
                .body("checkpoint", equalTo(birds.digest("second")))
                .body("previous", equalTo(birds.digest("teacher")))
                .body("kind", equalTo("manual"))
                .body("by", equalTo(GatewayProcess.NAME))
                .body("reason", equalTo("looked at its errors"));
        get(path)
                .body("roles.teacher.checkpoint", equalTo(birds.digest("second")))
                .body("open.approvals", hasSize(0));
        post(path + "/rollbacks", JSON, "{\"role\": \"teacher\"}")
                .statusCode(201)
                .body("checkpoint", equalTo(birds.digest("teacher")))
                .body("kind", equalTo("rollback"));
        get(path + "/promotions").body("items", hasSize(3)).body("items[0].time", matchesPattern("20.*Z"));
        post(
                        path + "/promotions",
                        JSON,
                        "{\"role\": \"student\", \"checkpoint\": \""
                                + birds.digest("student").substring(0, 20) + "\"}")
                .statusCode(201);

        problem(post(path + "/promotions", JSON, "{\"role\": \"boss\"}"), 400, "Bad body")
                .body("detail", containsString("teacher or student"));
        problem(post(path + "/promotions", JSON, "{}"), 400, "Bad body");
        problem(post(path + "/promotions", JSON, "{\"role\": \"teacher\", \"checkpoint\": \"zz\"}"), 409, "Refused");
        problem(post("/api/tasks/none-such/rollbacks", JSON, "{\"role\": \"teacher\"}"), 404, "Unknown task");
    }

    @Test
    void whatWaitsForApprovalIsRejectedOnce() throws Exception {
        Birds birds = new Birds(LocalKafka.unique("rejected"));
        say(birds.declaration());
        say(birds.checkpoints());
        say(birds.promotions());
        String path = "/api/tasks/" + birds.task();
        await().untilAsserted(() -> given().get(gateway.at(path)).then().body("open.approvals", hasSize(1)));
        String body = rejection(birds, "second");

        post(path + "/rejections", JSON, body)
                .statusCode(201)
                .body("checkpoint", equalTo(birds.digest("second")))
                .body("verdict", equalTo("rejected"))
                .body("by", equalTo(GatewayProcess.NAME))
                .body("reason", equalTo("worse at owls"))
                .body("evidence.candidate_top1", equalTo(81.5f));
        get(path).body("open.approvals", hasSize(0)).body("roles.teacher.checkpoint", equalTo(birds.digest("teacher")));
        post(path + "/rejections", JSON, body).statusCode(200).body("reason", equalTo("worse at owls"));
        get(path + "/judgements?role=teacher&verdict=rejected")
                .body("items", hasSize(1))
                .body("items[0].by", equalTo(GatewayProcess.NAME));

        problem(post(path + "/rejections", JSON, rejection(birds, "teacher")), 409, "Refused")
                .body("detail", containsString("it is the teacher"));
        problem(post(path + "/rejections", JSON, rejection(birds, "student")), 409, "Refused")
                .body("detail", containsString("the gate has not judged it"));
        problem(post(path + "/rejections", JSON, "{\"role\": \"teacher\"}"), 400, "Bad body")
                .body("detail", containsString("'checkpoint' is missing"));
        problem(post(path + "/promotions", JSON, "{\"role\": \"teacher\"}"), 409, "Refused")
                .body("detail", containsString("No checkpoint of"));
    }

    private static String rejection(Birds birds, String checkpoint) {
        return "{\"role\": \"teacher\", \"checkpoint\": \"" + birds.digest(checkpoint)
                + "\", \"reason\": \"worse at owls\"}";
    }

    @Test
    void aDeadLetterIsReplayedOnce() throws Exception {
        Birds birds = new Birds(LocalKafka.unique("letters"));
        say(birds.declaration());
        say(List.of(
                birds.request("fine-tune", Stage.STAGE_FINE_TUNE),
                birds.changed("fine-tune", Stage.STAGE_FINE_TUNE, RunState.RUN_STATE_FAILED),
                birds.letter(birds.run("fine-tune"))));
        String letters = "/api/dead-letters?task=" + birds.task();
        await().untilAsserted(() -> given().get(gateway.at(letters)).then().body("items", hasSize(1)));
        int offset = given().get(gateway.at(letters)).path("items[0].offset");
        String letter = "/api/dead-letters/" + offset;

        post(letter + "/replay", JSON, "").statusCode(202).body("done", containsString(birds.run("fine-tune")));
        get(letter).body("replayed", matchesPattern("20.*Z"));
        get(letters + "&open=true").body("items", hasSize(0));
        problem(post(letter + "/replay", JSON, ""), 409, "Refused");
        problem(post("/api/dead-letters/999999/replay", JSON, ""), 404, "Unknown dead letter");
    }

    @Test
    void whatHasAnIdempotencyKeyIsDoneOnce() throws Exception {
        Birds birds = new Birds(LocalKafka.unique("once"));
        say(birds.declaration());
        say(birds.checkpoints());
        say(birds.promotions());
        String path = "/api/tasks/" + birds.task();
        await().untilAsserted(() -> given().get(gateway.at(path)).then().body("open.approvals", hasSize(1)));

        String body = "{\"role\": \"teacher\"}";
        String first = keyed("key-of-" + birds.task(), body)
                .post(gateway.at(path + "/promotions"))
                .then()
                .statusCode(201)
                .extract()
                .asString();
        keyed("key-of-" + birds.task(), body)
                .post(gateway.at(path + "/promotions"))
                .then()
                .statusCode(201)
                .body(equalTo(first));
        problem(
                keyed("key-of-" + birds.task(), "{\"role\": \"student\"}")
                        .post(gateway.at(path + "/promotions"))
                        .then(),
                422,
                "Idempotency-Key used before");
        assertThat(facts(Promoted.class).stream()
                        .filter(promoted -> promoted.getTask().equals(birds.task()))
                        .map(Promoted::getBy))
                .containsExactly("", GatewayProcess.NAME);
    }

    @Test
    void withoutKafkaAWriteIsToBeTriedAgainLater() throws Exception {
        Birds birds = new Birds(LocalKafka.unique("down"));
        say(birds.declaration());
        Map<String, String> nobodyListens = Map.of(
                "kafka.bootstrap.servers",
                "127.0.0.1:1",
                "mp.messaging.incoming.facts.bootstrap.servers",
                KAFKA.client().get("bootstrap.servers").toString(),
                "tutelage.gateway.api.kafka-patience",
                "1s");
        try (GatewayProcess cutOff = GatewayProcess.start(KAFKA, S3, nobodyListens)) {
            given().get(cutOff.at("/api/tasks/" + birds.task())).then().statusCode(200);
            problem(
                            given().post(cutOff.at("/api/tasks/" + birds.task() + "/pause"))
                                    .then(),
                            503,
                            "Kafka is not available")
                    .header("Retry-After", equalTo("5"));
        }
        assertThat(facts(TaskPaused.class)).noneMatch(pause -> pause.getTask().equals(birds.task()));
    }

    private static RequestSpecification keyed(String key, String body) {
        return given().contentType(JSON).header("Idempotency-Key", key).body(body);
    }

    private static ValidatableResponse get(String path) {
        return given().get(gateway.at(path)).then().statusCode(200);
    }

    private static ValidatableResponse post(String path, String type, String body) {
        return given().contentType(type)
                .body(body.getBytes(UTF_8))
                .post(gateway.at(path))
                .then();
    }

    private static ValidatableResponse put(String path, String body) {
        return given().contentType(YAML)
                .body(body.getBytes(UTF_8))
                .put(gateway.at(path))
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String title) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("title", equalTo(title));
    }

    private static void say(List<Message> facts) throws Exception {
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(facts);
        }
    }

    private static <F extends Message> List<F> facts(Class<F> type) {
        List<F> facts = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.PROMOTIONS, Topic.PAUSES))) {
            reader.readToEnd(placed -> {
                if (type.isInstance(placed.fact().payload())) {
                    facts.add(type.cast(placed.fact().payload()));
                }
            });
        }
        return facts;
    }
}
