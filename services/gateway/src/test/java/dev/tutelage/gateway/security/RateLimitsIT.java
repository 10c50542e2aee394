package dev.tutelage.gateway.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RateLimitsIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @Test
    void whoAsksTooOftenOrFailsTooOftenIsToldWhenToAskAgain() throws Exception {
        // So slow that what the test asks for does not fill up again while it runs.
        Map<String, String> settings = Map.of(
                "tutelage.security.failures-per-minute", "2",
                "tutelage.security.requests-per-second", "1",
                "tutelage.security.burst", "40");
        try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, settings)) {
            assertThat(Stream.generate(() -> wrongKey(gateway)).limit(3).map(Response::statusCode))
                    .isEqualTo(List.of(401, 401, 429));
            tooMany(wrongKey(gateway)).body("detail", containsString("127.0.0.1"));
            wrongLogin(gateway).then().statusCode(429).body(containsString("Too many"));
            // A right key is not locked out by others' wrong ones.
            given().get(gateway.at("/api/tasks")).then().statusCode(200);

            Response last = Stream.generate(() -> given().get(gateway.at("/api/tasks")))
                    .limit(200)
                    .filter(answer -> answer.statusCode() != 200)
                    .findFirst()
                    .orElseThrow();
            tooMany(last).body("detail", containsString("tests"));
            given().get(gateway.at("/q/health/ready")).then().statusCode(200);
        }
    }

    private static ValidatableResponse tooMany(Response answer) {
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
        return answer.then().statusCode(429).contentType("application/problem+json");
    }

    private static Response wrongKey(GatewayProcess gateway) {
        return given().filter((request, response, next) -> {
                    request.replaceHeader(
                            GatewayProcess.AUTHORIZATION,
                            "Bearer " + AccessKey.random().text());
                    return next.next(request, response);
                })
                .get(gateway.at("/api/tasks"));
    }

    private static Response wrongLogin(GatewayProcess gateway) {
        return given().contentType(ContentType.URLENC)
                .formParam("key", AccessKey.random().text())
                .post(gateway.at("/login"));
    }
}
