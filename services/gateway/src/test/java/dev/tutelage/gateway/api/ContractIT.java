package dev.tutelage.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.fixture.Programs;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked, right or wrong, the gateway answers as its document says. Schemathesis thinks of what to ask; .ci/run
 * installs it.
 */
@Tag("slow")
@EnabledIf("isThere")
class ContractIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final Birds BIRDS = new Birds(LocalKafka.unique("birds"));

    static boolean isThere() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        return Programs.named("schemathesis").findFirst();
    }

    @Test
    void whateverIsAskedIsAnsweredAsTheDocumentSays(@TempDir Path directory) throws Exception {
        Path told = directory.resolve("schemathesis.log");
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
                GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, Map.of())) {
            log.publish(BIRDS.declaration());
            log.publish(BIRDS.shards());
            // No checkpoints: their files are not stored here, and to ask one is rightly answered with 503.
            log.publish(BIRDS.labels());
            log.publish(List.of(
                    BIRDS.request("fine-tune", Stage.STAGE_FINE_TUNE),
                    BIRDS.changed("fine-tune", Stage.STAGE_FINE_TUNE, RunState.RUN_STATE_FAILED)));
            Process asking = new ProcessBuilder(
                            program().orElseThrow().toString(),
                            "run",
                            gateway.at("/q/openapi?format=json").toString(),
                            "--header=" + GatewayProcess.AUTHORIZATION + ":" + GatewayProcess.BEARER,
                            "--phases=examples,coverage,fuzzing",
                            "--checks=not_a_server_error,status_code_conformance,content_type_conformance,"
                                    + "response_schema_conformance",
                            "--max-examples=20",
                            "--seed=1",
                            "--request-timeout=70",
                            "--no-color")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(told.toFile())
                    .start();
            assertThat(asking.waitFor()).as(() -> text(told)).isZero();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
