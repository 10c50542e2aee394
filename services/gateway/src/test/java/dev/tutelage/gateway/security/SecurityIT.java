package dev.tutelage.gateway.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.containsStringIgnoringCase;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in and who does not, at the gateway that is packaged. */
class SecurityIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    private static Path directory;

    private static final Map<AccessRole, AccessKey> KEYS = new EnumMap<>(AccessRole.class);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static KeyFile file;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        Path path = directory.resolve("keys");
        file = new KeyFile(path);
        for (AccessRole role : AccessRole.values()) {
            KEYS.put(role, file.create("a-" + role.label(), role));
        }
        gateway = GatewayProcess.start(KAFKA, S3, Map.of("tutelage.security.keys-file", path.toString()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A request by nobody: without the key that REST Assured sends otherwise. */
    private static RequestSpecification nobody() {
        return given().redirects().follow(false).filter((request, response, next) -> {
            request.removeHeader(GatewayProcess.AUTHORIZATION);
            return next.next(request, response);
        });
    }

    private static RequestSpecification by(String credential) {
        return given().redirects().follow(false).filter((request, response, next) -> {
            request.replaceHeader(GatewayProcess.AUTHORIZATION, credential);
            return next.next(request, response);
        });
    }

    private static RequestSpecification by(AccessRole role) {
        return by("Bearer " + KEYS.get(role).text());
    }

    /** Operations with the least role that may do them, on what does not exist: who may is told so, and nothing changes. */
    private static Map<String, AccessRole> operations() {
        return Map.ofEntries(
                Map.entry("GET /api/tasks", AccessRole.VIEWER),
                Map.entry("GET /api/tasks/no-task", AccessRole.VIEWER),
                Map.entry("GET /api/dead-letters", AccessRole.VIEWER),
                Map.entry("GET /", AccessRole.VIEWER),
                Map.entry("GET /health", AccessRole.VIEWER),
                Map.entry("GET /tasks/no-task", AccessRole.VIEWER),
                Map.entry("GET /q/openapi", AccessRole.VIEWER),
                Map.entry("GET /v2", AccessRole.VIEWER),
                Map.entry("GET /v2/models/no-task", AccessRole.VIEWER),
                Map.entry("POST /v2/models/no-task/infer", AccessRole.VIEWER),
                Map.entry("POST /api/tasks/no-task/predict", AccessRole.VIEWER),
                Map.entry("POST /api/tasks/no-task/nearest", AccessRole.VIEWER),
                Map.entry("POST /api/tasks/no-task/label-studio", AccessRole.ANNOTATOR),
                Map.entry("POST /api/tasks/no-task/images", AccessRole.OPERATOR),
                Map.entry("POST /api/tasks/no-task/pause", AccessRole.OPERATOR),
                Map.entry("POST /api/tasks/no-task/promotions", AccessRole.OPERATOR),
                Map.entry("POST /api/tasks/no-task/rollbacks", AccessRole.OPERATOR),
                Map.entry("POST /api/tasks/no-task/rejections", AccessRole.OPERATOR),
                Map.entry("POST /api/runs/no-run/cancel", AccessRole.OPERATOR),
                Map.entry("POST /api/runs/no-run/retry", AccessRole.OPERATOR),
                Map.entry("POST /api/dead-letters/99999/replay", AccessRole.OPERATOR),
                Map.entry("POST /api/tasks", AccessRole.ADMIN),
                Map.entry("PUT /api/tasks/no-task", AccessRole.ADMIN));
    }

    private static Response ask(RequestSpecification who, String operation) {
        String[] words = operation.split(" ", -1);
        RequestSpecification request = words[0].equals("GET")
                ? who
                : who.contentType("application/json").body("{}");
        return request.request(words[0], gateway.at(words[1]));
    }

    @Test
    void eachRoleMayDoWhatTheTableSaysAndNothingElse() {
        List<String> wrong = new ArrayList<>();
        operations().forEach((operation, needed) -> {
            for (AccessRole role : AccessRole.values()) {
                int status = ask(by(role), operation).statusCode();
                boolean refused = status == 401 || status == 403 || status >= 500;
                if (refused == role.includes(needed)) {
                    wrong.add(role + ": " + operation + " was answered with " + status);
                }
            }
            int status = ask(nobody(), operation).statusCode();
            boolean page = operation.matches("GET /(|health|tasks/.*)");
            if (status != (page ? 303 : 401)) {
                wrong.add("nobody: " + operation + " was answered with " + status);
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void aRefusalIsAProblemThatSaysWhichRoleIsNeeded() {
        ask(by(AccessRole.OPERATOR), "POST /api/tasks")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("status", equalTo(403))
                .body("title", equalTo("Forbidden"))
                .body(
                        "detail",
                        allOf(
                                containsString("needs the role admin"),
                                containsString("a-operator has the role operator")));
        ask(nobody(), "POST /api/tasks/no-task/images")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .contentType("application/problem+json")
                .body("detail", containsString("needs the role operator"));
        ask(nobody(), "POST /v2/models/no-task/infer").then().statusCode(401).body("error", containsString("viewer"));
    }

    @Test
    void credentialsThatAreGoodForNothingAreRefused() {
        for (String credential : List.of(
                "Bearer " + AccessKey.random().text(),
                "Bearer ",
                "Bearer " + KEYS.get(AccessRole.ADMIN).digest(),
                "Bearer " + KEYS.get(AccessRole.ADMIN).text() + "x",
                "Basic dXNlcjpwYXNz",
                "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.")) {
            by(credential)
                    .get(gateway.at("/api/tasks"))
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json")
                    .body("detail", containsString("no key or token that is good here"));
        }
        by("bearer " + KEYS.get(AccessRole.VIEWER).text())
                .get(gateway.at("/api/tasks"))
                .then()
                .statusCode(200);
    }

    @Test
    void whatIsOpenNeedsNoKeyAndWhatHasNoRowIsDeniedToAll() {
        for (String path : List.of(
                "/q/health/ready",
                "/q/metrics",
                "/v2/health/live",
                "/login",
                "/console/console.css",
                "/console/login.js")) {
            nobody().get(gateway.at(path)).then().statusCode(200);
        }
        nobody().delete(gateway.at("/api/tasks")).then().statusCode(401);
        by(AccessRole.ADMIN)
                .delete(gateway.at("/api/tasks"))
                .then()
                .statusCode(405)
                .header("Allow", equalTo("GET, POST"));
        by(AccessRole.ADMIN).get(gateway.at("/q/nothing")).then().statusCode(404);
        nobody().get(gateway.at("/q/nothing")).then().statusCode(401);
    }

    @Test
    void otherSpellingsOfAPathGetNobodyIn() throws Exception {
        for (String path : List.of(
                "/api/audit;x", "/api/%61udit", "/api//audit", "/console/../api/audit", "/login/../api/audit")) {
            HttpRequest request = HttpRequest.newBuilder(gateway.at(path))
                    .header(
                            "Authorization",
                            "Bearer " + KEYS.get(AccessRole.VIEWER).text())
                    .build();
            // REST Assured would tidy the path up.
            assertThat(HTTP.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void aKeyIsRefusedAMomentAfterItWasRevoked() throws Exception {
        AccessKey key = file.create("guest", AccessRole.VIEWER);
        String bearer = "Bearer " + key.text();
        await().untilAsserted(
                        () -> by(bearer).get(gateway.at("/api/tasks")).then().statusCode(200));
        file.revoke("guest");
        await().untilAsserted(
                        () -> by(bearer).get(gateway.at("/api/tasks")).then().statusCode(401));
    }

    @Test
    void aPageSendsToTheLoginWhichLeadsBack() {
        Response sent = nobody().accept("text/html").get(gateway.at("/tasks/no-task?page=2"));
        sent.then().statusCode(303).header("Location", equalTo("/login?next=%2Ftasks%2Fno-task%3Fpage%3D2"));
        String page = nobody().queryParam("next", "/tasks/no-task?page=2")
                .get(gateway.at("/login"))
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("script-src 'self'"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .extract()
                .asString();
        assertThat(page).contains("value=\"/tasks/no-task?page=2\"").doesNotContain("<script>");
        login(AccessRole.VIEWER, "/tasks/no-task?page=2")
                .then()
                .header("Location", equalTo(gateway.at("/tasks/no-task?page=2").toString()));
        nobody().accept("text/event-stream")
                .get(gateway.at("/tasks/a/events"))
                .then()
                .statusCode(401);
        nobody().header("HX-Request", "true")
                .get(gateway.at("/tasks/a/live"))
                .then()
                .statusCode(401)
                .header("HX-Redirect", equalTo("/login"));
    }

    private static Response login(AccessRole role, String next) {
        return nobody().contentType(ContentType.URLENC)
                .formParam("key", KEYS.get(role).text())
                .formParam("next", next)
                .post(gateway.at("/login"));
    }

    private static String cookie(AccessRole role) {
        Response answer = login(role, "/");
        answer.then()
                .statusCode(303)
                .header("Set-Cookie", containsStringIgnoringCase("HttpOnly"))
                .header("Set-Cookie", containsString("SameSite=Strict"))
                .header("Set-Cookie", containsString("Max-Age=43200"))
                .header("Set-Cookie", not(containsString(KEYS.get(role).text())));
        return answer.cookie("tutelage_session");
    }

    private static RequestSpecification session(AccessRole role) {
        return nobody().cookie("tutelage_session", cookie(role));
    }

    @Test
    void aSessionMayDoWhatItsKeyMay() {
        session(AccessRole.VIEWER).get(gateway.at("/")).then().statusCode(200);
        session(AccessRole.VIEWER).get(gateway.at("/api/tasks")).then().statusCode(200);
        ask(session(AccessRole.VIEWER), "POST /api/tasks/no-task/predict")
                .then()
                .statusCode(not(equalTo(403)));
        ask(
                        session(AccessRole.VIEWER)
                                .header("X-Tutelage-Console", "1")
                                .header("Sec-Fetch-Site", "same-origin"),
                        "POST /api/tasks/no-task/pause")
                .then()
                .statusCode(403)
                .body("detail", containsString("needs the role operator"));
        nobody().cookie("tutelage_session", "x" + cookie(AccessRole.ADMIN))
                .get(gateway.at("/api/tasks"))
                .then()
                .statusCode(401);
        nobody().cookie("tutelage_session", cookie(AccessRole.ADMIN))
                .post(gateway.at("/logout"))
                .then()
                .statusCode(303)
                .header("Set-Cookie", containsString("Max-Age=0"));
    }

    @Test
    void aSessionEndsWhenItsKeyIsRevoked() throws Exception {
        AccessKey key = file.create("leaver", AccessRole.VIEWER);
        await().untilAsserted(() -> nobody().contentType(ContentType.URLENC)
                .formParam("key", key.text())
                .post(gateway.at("/login"))
                .then()
                .statusCode(303));
        String cookie = nobody().contentType(ContentType.URLENC)
                .formParam("key", key.text())
                .post(gateway.at("/login"))
                .cookie("tutelage_session");
        file.revoke("leaver");
        await().untilAsserted(() -> nobody().cookie("tutelage_session", cookie)
                .get(gateway.at("/api/tasks"))
                .then()
                .statusCode(401));
    }

    @Test
    void anotherSiteCannotWriteWithTheCookieOfASession() {
        String pause = "POST /api/tasks/no-task/pause";
        String own = gateway.at("/").toString().replaceFirst("/$", "");
        List<Map<String, String>> foreign = List.of(
                Map.of(),
                Map.of("X-Tutelage-Console", "1"),
                Map.of("Origin", own),
                Map.of("Sec-Fetch-Site", "same-origin"),
                Map.of("X-Tutelage-Console", "1", "Origin", "https://evil.example"),
                Map.of("X-Tutelage-Console", "1", "Origin", "null"),
                Map.of("X-Tutelage-Console", "1", "Origin", own, "Sec-Fetch-Site", "cross-site"),
                Map.of("X-Tutelage-Console", "1", "Origin", own, "Sec-Fetch-Site", "same-site"));
        for (Map<String, String> headers : foreign) {
            ask(session(AccessRole.ADMIN).headers(headers), pause)
                    .then()
                    .statusCode(403)
                    .contentType("application/problem+json")
                    .body("detail", containsString("X-Tutelage-Console"));
        }
        ask(session(AccessRole.ADMIN).headers("X-Tutelage-Console", "1", "Origin", own), pause)
                .then()
                .statusCode(404);
        ask(session(AccessRole.ADMIN).headers("X-Tutelage-Console", "1", "Sec-Fetch-Site", "same-origin"), pause)
                .then()
                .statusCode(404);
        // A key in the request is sent by no browser on its own.
        ask(by(AccessRole.ADMIN).header("Origin", "https://evil.example"), pause)
                .then()
                .statusCode(404);
    }

    @Test
    void aLoginWithAWrongKeyOrFromAnotherSiteFailsAndLeadsNowhereElse() {
        nobody().contentType(ContentType.URLENC)
                .formParam("key", AccessKey.random().text())
                .post(gateway.at("/login"))
                .then()
                .statusCode(401)
                .header("Set-Cookie", nullValue())
                .body(containsString("not known here"));
        nobody().contentType(ContentType.URLENC)
                .header("Origin", "https://evil.example")
                .formParam("key", KEYS.get(AccessRole.ADMIN).text())
                .post(gateway.at("/login"))
                .then()
                .statusCode(403);
        for (String next : List.of(
                "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a|b", "/\"x")) {
            login(AccessRole.VIEWER, next)
                    .then()
                    .statusCode(303)
                    .header("Location", equalTo(gateway.at("/").toString()));
        }
    }

    @Test
    void aGatewayThatEverybodyCouldUseByMistakeDoesNotStart() throws Exception {
        assertThat(GatewayProcess.refusal(KAFKA, S3, Map.of("tutelage.security.keys-file", "")))
                .contains("does not know who may use it")
                .contains("tutelage keys create");
        try (GatewayProcess open = GatewayProcess.start(
                KAFKA, S3, Map.of("tutelage.security.keys-file", "", "tutelage.security.open", "true"))) {
            nobody().get(open.at("/api/tasks")).then().statusCode(200);
        }
    }
}
