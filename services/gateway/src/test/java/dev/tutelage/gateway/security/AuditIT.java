package dev.tutelage.gateway.security;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Audited;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who did what can be found out, and nothing is done without. */
class AuditIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    private static Path directory;

    private static GatewayProcess gateway;
    private static AccessKey operator;
    private static AccessKey admin;

    @BeforeAll
    static void start() throws Exception {
        KeyFile file = new KeyFile(directory.resolve("keys"));
        operator = file.create("otto", AccessRole.OPERATOR);
        admin = file.create("ada", AccessRole.ADMIN);
        gateway = GatewayProcess.start(
                KAFKA,
                S3,
                Map.of("tutelage.security.keys-file", directory.resolve("keys").toString()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static RequestSpecification by(AccessKey key) {
        return given().filter((request, response, next) -> {
            request.replaceHeader(GatewayProcess.AUTHORIZATION, "Bearer " + key.text());
            return next.next(request, response);
        });
    }

    private static String declared() throws Exception {
        String task = LocalKafka.unique("birds");
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(TaskDeclared.newBuilder().setTask(task).build()));
        }
        await().untilAsserted(() ->
                by(admin).get(gateway.at("/api/tasks/" + task)).then().statusCode(200));
        return task;
    }

    private static List<Audited> said(String task) throws Exception {
        List<Audited> said = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.AUDIT))) {
            reader.readToEnd(placed -> {
                if (placed.fact().payload() instanceof Audited audited
                        && audited.getTask().equals(task)) {
                    said.add(audited);
                }
            });
        }
        return said;
    }

    @Test
    void aWriteIsSaidWithWhoAskedForItAndIsFoundByItsRequestId() throws Exception {
        String task = declared();
        Response paused = by(operator)
                .header("Idempotency-Key", "k-1")
                .post(gateway.at("/api/tasks/" + task + "/pause?x=secret"));
        paused.then().statusCode(200).header("X-Request-Id", notNullValue());

        assertThat(said(task))
                .containsExactly(Audited.newBuilder()
                        .setRequest(paused.header("X-Request-Id"))
                        .setBy("otto")
                        .setRole("operator")
                        .setMeans("key")
                        .setMethod("POST")
                        .setPath("/api/tasks/" + task + "/pause")
                        .setTask(task)
                        .setClient("127.0.0.1")
                        .setIdempotencyKey("k-1")
                        .build());
        await().untilAsserted(() -> by(admin)
                .get(gateway.at("/api/audit?task=" + task))
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].by", equalTo("otto"))
                .body("items[0].request", equalTo(paused.header("X-Request-Id")))
                .body("items[0].time", notNullValue()));
    }

    @Test
    void whatIsRefusedForItsContentIsSaidTooAndWhatIsRefusedForItsRoleIsNot() throws Exception {
        String task = declared();
        by(operator)
                .contentType("application/json")
                .body("{\"role\":\"emperor\"}")
                .post(gateway.at("/api/tasks/" + task + "/promotions"))
                .then()
                .statusCode(400);
        by(operator)
                .contentType("application/yaml")
                .body("task: x".getBytes(UTF_8))
                .put(gateway.at("/api/tasks/" + task))
                .then()
                .statusCode(403);
        by(operator).get(gateway.at("/api/tasks/" + task)).then().statusCode(200);

        assertThat(said(task)).extracting(Audited::getPath).containsExactly("/api/tasks/" + task + "/promotions");
    }

    @Test
    void writesArePagedTheNewestFirstAndFoundByWho() throws Exception {
        String task = declared();
        for (String verb : List.of("pause", "resume", "pause")) {
            by(operator)
                    .post(gateway.at("/api/tasks/" + task + "/" + verb))
                    .then()
                    .statusCode(200);
        }
        by(admin).post(gateway.at("/api/tasks/" + task + "/resume")).then().statusCode(200);
        String all = "/api/audit?limit=2&by=otto&task=" + task;
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> by(admin)
                .get(gateway.at("/api/audit?task=" + task))
                .then()
                .body("items", hasSize(4)));
        by(admin)
                .get(gateway.at("/audit?by=otto&task=" + task))
                .then()
                .statusCode(200)
                .body(containsString("POST /api/tasks/" + task + "/pause"))
                .body(containsString("1–3 of 3"));
        by(operator).get(gateway.at("/audit")).then().statusCode(403);
        String next = by(admin)
                .get(gateway.at(all))
                .then()
                .body("items.path", contains("/api/tasks/" + task + "/pause", "/api/tasks/" + task + "/resume"))
                .extract()
                .path("next");
        by(admin)
                .get(gateway.at(next))
                .then()
                .body("items.path", contains("/api/tasks/" + task + "/pause"))
                .body("next", equalTo(null));
    }
}
