package dev.tutelage.gateway.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import io.restassured.response.ValidatableResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of a task, as the gateway tells it. */
class ReadsIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final String TIME = "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
    private static final Birds BIRDS = new Birds(LocalKafka.unique("birds"));

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(BIRDS.declaration());
            log.publish(BIRDS.shards());
            log.publish(BIRDS.pretraining());
            log.publish(List.of(BIRDS.progress()));
            log.publish(BIRDS.checkpoints());
            log.publish(BIRDS.promotions());
            log.publish(BIRDS.labels());
            log.publish(List.of(
                    BIRDS.request("fine-tune", Stage.STAGE_FINE_TUNE),
                    BIRDS.changed("fine-tune", Stage.STAGE_FINE_TUNE, RunState.RUN_STATE_FAILED),
                    BIRDS.letter(BIRDS.run("fine-tune"))));
        }
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
        await().untilAsserted(() -> get("").body("open.dead_letters", equalTo(1)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static ValidatableResponse get(String path) {
        return when().get(gateway.at("/api/tasks/" + BIRDS.task() + path))
                .then()
                .statusCode(200);
    }

    @Test
    void aTaskTellsWhatItIsWhoHoldsItsRolesHowMuchThereIsAndWhatIsOpen() {
        when().get(gateway.at("/api/tasks?limit=500")).then().statusCode(200).body("items.task", hasItem(BIRDS.task()));
        get("").body("task", equalTo(BIRDS.task()))
                .body("declared", matchesPattern(TIME))
                .body("paused", equalTo(false))
                .body("declaration.classes", contains("wren", "robin"))
                .body("declaration.image.width", equalTo(48))
                .body("declaration.recipes.pretrain.epochs", equalTo(5))
                .body("roles.teacher.checkpoint", equalTo(BIRDS.digest("teacher")))
                .body("roles.teacher.top1", equalTo(81.5f))
                .body("roles.teacher.since", matchesPattern(TIME))
                .body("roles.student", nullValue())
                .body("counts.shards", equalTo(5))
                .body("counts.unlabeled_images", equalTo(406))
                .body("counts.held_out_images", equalTo(104))
                .body("counts.soft_labels", equalTo(360))
                .body("counts.runs", equalTo(Map.of("started", 1, "failed", 1)))
                .body("open.runs", equalTo(1))
                .body("open.newest_runs.run_id", contains(BIRDS.run("pretrain")))
                .body("open.approvals.checkpoint", contains(BIRDS.digest("second")));
    }

    @Test
    void aRunTellsWhyItWasAskedForOnWhichFactsAndHowItIsGettingOn() {
        get("/runs/" + BIRDS.run("pretrain"))
                .body("stage", equalTo("pretrain"))
                .body("state", equalTo("started"))
                .body("worker", equalTo("a-worker"))
                .body("attempt", equalTo(1))
                .body("number", equalTo(1))
                .body("reason", equalTo("406 images have come"))
                .body("evidence[0].what", equalTo("406 images came"))
                .body("evidence[0].topic", equalTo("tutelage.shards"))
                .body("evidence[0].time", matchesPattern(TIME))
                .body("recipe.epochs", equalTo(5))
                .body("extent.unlabeled_images", equalTo(406))
                .body("dataset.digest", equalTo(BIRDS.digest("pretraining data")))
                .body("progress.epoch", equalTo(3))
                .body("progress.metrics.knn", equalTo(61.5f));
    }

    @Test
    void runsAreThoseOfAStageAndInAState() {
        get("/runs").body("items.run_id", contains(BIRDS.run("fine-tune"), BIRDS.run("pretrain")));
        get("/runs?stage=pretrain").body("items.run_id", contains(BIRDS.run("pretrain")));
        get("/runs?state=failed").body("items.run_id", contains(BIRDS.run("fine-tune")));
        get("/runs?state=failed&stage=pretrain").body("items", empty());
    }

    @Test
    void aCheckpointTellsItsMetricsFilesAndParents() {
        get("/checkpoints?stage=fine-tune")
                .body("items.digest", hasSize(2))
                .body("items.find { it.digest == '" + BIRDS.digest("teacher") + "' }.roles", contains("teacher"));
        get("/checkpoints/" + BIRDS.digest("teacher"))
                .body("stage", equalTo("fine-tune"))
                .body("parent", equalTo(BIRDS.digest("encoder")))
                .body("metrics.top1", equalTo(81.5f))
                .body("files.name", contains("manifest.json", "model.onnx"))
                .body("parameters", equalTo(1_234))
                .body("roles", contains("teacher"))
                .body("expired", equalTo(false));
    }

    @Test
    void theLineageGoesFromTheDatasetsToTheStudent() {
        String edge = "edges.find { it.from == '%s' && it.to == '%s' }.kind";
        get("/lineage")
                .body("nodes.id", hasItem(BIRDS.digest("student")))
                .body("nodes.find { it.kind == 'soft-labels' }.images", equalTo(360))
                .body(edge.formatted(BIRDS.digest("encoder data"), BIRDS.digest("encoder")), equalTo("trained-on"))
                .body(edge.formatted(BIRDS.digest("encoder"), BIRDS.digest("teacher")), equalTo("parent"))
                .body(
                        edge.formatted(BIRDS.digest("teacher"), "soft-labels/" + BIRDS.digest("teacher")),
                        equalTo("labeled-by"))
                .body(
                        edge.formatted("soft-labels/" + BIRDS.digest("teacher"), BIRDS.digest("student")),
                        equalTo("trained-on"))
                .body(edge.formatted(BIRDS.digest("teacher"), BIRDS.digest("student")), equalTo("teacher"));
    }

    @Test
    void decisionsAreToldWithWhatTheyWereMadeOn() {
        get("/promotions?role=teacher")
                .body("items", hasSize(1))
                .body("items[0].checkpoint", equalTo(BIRDS.digest("teacher")))
                .body("items[0].kind", equalTo("gate"))
                .body("items[0].evidence.candidate_top1", equalTo(81.5f))
                .body("items[0].evidence.candidate_class_recall[0]", nullValue());
        get("/promotions?role=student").body("items", empty());
        get("/judgements?verdict=awaiting-approval")
                .body("items.checkpoint", contains(BIRDS.digest("second")))
                .body("items[0].holder", equalTo(BIRDS.digest("teacher")));
        get("/drift")
                .body("items[0].tests[0].kind", equalTo("confidence"))
                .body("items[0].tests[0].fired", equalTo(true));
        get("/soft-labels?shard=" + BIRDS.digest("shard 2"))
                .body("items", hasSize(1))
                .body("items[0].teacher", equalTo(BIRDS.digest("teacher")))
                .body("items[0].images", equalTo(90));
    }

    @Test
    void deadLettersAreToldWithWhatTheyAreAbout() {
        int offset = when().get(gateway.at("/api/dead-letters?open=true&task=" + BIRDS.task()))
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].run_id", equalTo(BIRDS.run("fine-tune")))
                .body("items[0].rejected[0].kind", equalTo("truncated"))
                .body("items[0].source.value_bytes", equalTo(10))
                .extract()
                .path("items[0].offset");
        when().get(gateway.at("/api/dead-letters/" + offset))
                .then()
                .statusCode(200)
                .body("reason", equalTo("The dataset is gone"))
                .body("replayed", nullValue());
    }

    @Test
    void aCollectionIsWalkedThroughByItsLinks() {
        List<String> digests = new ArrayList<>();
        String next = "/api/tasks/" + BIRDS.task() + "/shards?limit=2";
        int pages = 0;
        while (next != null) {
            var page = when().get(gateway.at(next)).then().statusCode(200).extract();
            digests.addAll(page.path("items.shard.digest"));
            next = page.path("next");
            pages++;
        }
        assertThat(pages).isEqualTo(3);
        assertThat(digests).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aThingThatTheClientHasAsItIsIsNotSentAgain() {
        String path = "/api/tasks/" + BIRDS.task() + "/checkpoints/" + BIRDS.digest("teacher");
        String tag = when().get(gateway.at(path))
                .then()
                .statusCode(200)
                .header("ETag", matchesPattern("\"[0-9a-f]{32}\""))
                .extract()
                .header("ETag");
        given().header("If-None-Match", tag)
                .get(gateway.at(path))
                .then()
                .statusCode(304)
                .header("ETag", equalTo(tag))
                .body(equalTo(""));
        given().header("If-None-Match", "\"another\"")
                .get(gateway.at(path))
                .then()
                .statusCode(200);
    }

    @Test
    void whatThereIsNotIsToldWithTheNearestNames() {
        problem("/api/tasks/" + BIRDS.task() + "s", 404, "Unknown task").body("detail", containsString(BIRDS.task()));
        problem("/api/tasks/" + BIRDS.task() + "s/runs", 404, "Unknown task");
        problem("/api/tasks/" + BIRDS.task() + "/runs/pretrain-0", 404, "Unknown run")
                .body("detail", containsString(BIRDS.run("pretrain")));
        problem("/api/tasks/" + BIRDS.task() + "/checkpoints/zz", 404, "Unknown checkpoint")
                .body("detail", containsString("The nearest are"));
        problem("/api/dead-letters/99999", 404, "Unknown dead letter");
    }

    @Test
    void aQueryThatIsWrongIsToldWhatItMustBe() {
        String runs = "/api/tasks/" + BIRDS.task() + "/runs";
        problem(runs + "?limit=0", 400, "Bad limit").body("detail", containsString("from 1 to 500"));
        problem(runs + "?cursor=x", 400, "Bad cursor");
        problem(runs + "?state=done", 400, "Bad query").body("detail", containsString("succeeded"));
        problem(runs + "?stat=failed", 400, "Bad query").body("detail", containsString("state"));
        problem("/api/dead-letters/x", 400, "Bad offset");
        problem("/api/dead-letters?open=1", 400, "Bad query");
    }

    @Test
    void aWrongMethodOrAnUnknownFormatIsAProblemToo() {
        String runs = "/api/tasks/" + BIRDS.task() + "/runs";
        problem(given().delete(gateway.at(runs)).then(), 405, "Method Not Allowed")
                .body(
                        "detail",
                        equalTo(runs + " does not know this method. GET /q/openapi tells the methods of all"
                                + " addresses"));
        problem(given().accept("image/png").get(gateway.at(runs)).then(), 406, "Not Acceptable")
                .body("detail", containsString("Accept application/json"));
        problem("/api/nothing", 404, "Not Found").body("detail", containsString("There is nothing at /api/nothing"));
    }

    private static ValidatableResponse problem(String path, int status, String title) {
        return problem(when().get(gateway.at(path)).then(), status, title);
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String title) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("title", equalTo(title));
    }
}
