package dev.tutelage.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keeps docs/openapi.yaml what the gateway serves. {@code -Dtutelage.write-docs=true} writes the file anew. */
class OpenApiIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final Path FILE = Path.of("../../docs/openapi.yaml");

    @Test
    void theFileSaysWhatTheGatewayServes() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, Map.of())) {
            String served = given().accept("application/yaml")
                    .get(gateway.at("/q/openapi"))
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            if (Boolean.getBoolean("tutelage.write-docs")) {
                Files.writeString(FILE, served);
            }
            assertThat(FILE)
                    .as("mvn -pl services/gateway -am verify -Dit.test=OpenApiIT -Dtutelage.write-docs=true writes it")
                    .hasContent(served);
            assertThat(served).startsWith("---\nopenapi: 3.1").contains("title: Tutelage");
        }
    }
}
