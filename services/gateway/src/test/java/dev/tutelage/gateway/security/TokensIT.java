package dev.tutelage.gateway.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens of an issuer, at the gateway that is packaged. */
class TokensIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final String READ = "GET /api/tasks";
    private static final String WRITE = "POST /api/tasks/no-task/pause";

    private static TestIssuer issuer;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        issuer = TestIssuer.start();
        gateway = GatewayProcess.start(KAFKA, S3, settings());
    }

    private static Map<String, String> settings() {
        return new HashMap<>(Map.of(
                "quarkus.oidc.tenant-enabled",
                "true",
                "quarkus.oidc.auth-server-url",
                issuer.url(),
                "quarkus.oidc.token.audience",
                TestIssuer.AUDIENCE,
                "tutelage.security.token-roles.operator",
                "ml-operators"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        issuer.close();
    }

    private static Response ask(String token, String operation) {
        String[] words = operation.split(" ", -1);
        return given().filter((request, response, next) -> {
                    request.replaceHeader(GatewayProcess.AUTHORIZATION, "Bearer " + token);
                    return next.next(request, response);
                })
                .request(words[0], gateway.at(words[1]));
    }

    @Test
    void aTokensGroupsSayWhatItsSubjectMayDo() {
        String viewer = issuer.signed(issuer.token("vera", "viewer", "cooks"));
        ask(viewer, READ).then().statusCode(200);
        ask(viewer, WRITE)
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("detail", containsString("vera has the role viewer"));
        String operator = issuer.signed(issuer.token("otto", "viewer", "ml-operators"));
        ask(operator, WRITE).then().statusCode(404);
        ask(operator, "GET /api/audit").then().statusCode(403);
        ask(issuer.signed(issuer.token("nora", "cooks")), READ)
                .then()
                .statusCode(403)
                .body("detail", containsString("nora has no role"));
        // The name of the setting's role alone means nothing where another group is named for it.
        ask(issuer.signed(issuer.token("olga", "operator")), WRITE).then().statusCode(403);
    }

    @Test
    void aTokenThatIsNotGoodIsRefused() throws Exception {
        Map<String, String> bad = new HashMap<>();
        bad.put(
                "expired",
                issuer.signed(issuer.token("a", "admin").expiresAt(Instant.now().minus(Duration.ofMinutes(5)))));
        bad.put("of another issuer", issuer.signed(issuer.token("a", "admin").issuer("https://other.example")));
        bad.put("for another audience", issuer.signed(issuer.token("a", "admin").audience("other")));
        bad.put("signed by another key", TestIssuer.signed(issuer.token("a", "admin"), TestIssuer.newKeys()));
        String[] parts = issuer.signed(issuer.token("a", "viewer")).split("\\.", -1);
        String[] others = issuer.signed(issuer.token("a", "admin")).split("\\.", -1);
        bad.put("with other claims than were signed", parts[0] + "." + others[1] + "." + parts[2]);
        bad.put("unsigned", "eyJhbGciOiJub25lIn0." + others[1] + ".");
        bad.put("no token", "nonsense");
        bad.forEach((what, token) -> {
            Response answer = ask(token, READ);
            assertThat(answer.statusCode()).as(what).isEqualTo(401);
            assertThat(answer.contentType()).as(what).startsWith("application/problem+json");
        });
    }

    @Test
    void keysStillWorkBesideTokens() {
        given().get(gateway.at("/api/tasks")).then().statusCode(200);
    }

    @Test
    void withTokensNoKeysAreNeededButAnAudienceIs() throws Exception {
        Map<String, String> settings = settings();
        settings.put("tutelage.security.keys-file", "");
        try (GatewayProcess other = GatewayProcess.start(KAFKA, S3, settings)) {
            given().get(other.at("/api/tasks")).then().statusCode(401);
        }
        settings.put("quarkus.oidc.token.audience", "");
        assertThat(GatewayProcess.refusal(KAFKA, S3, settings)).contains("quarkus.oidc.token.audience");
    }
}
