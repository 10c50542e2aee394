package dev.tutelage.gateway.predict;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.fixture.Programs;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Triton's client library gets the right answer. It is asked in a Python of the PATH that has it; .ci/run installs it. */
@Tag("slow")
@EnabledIf("isThere")
class TritonClientIT {
    private static final int IMAGES = 3;

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    static Path folder;

    static boolean isThere() {
        return python().isPresent();
    }

    private static Optional<Path> python() {
        return Programs.named("python3").filter(TritonClientIT::hasClient).findFirst();
    }

    private static boolean hasClient(Path python) {
        try {
            return new ProcessBuilder(python.toString(), "-c", "import tritonclient.http")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itGetsWhatTheModelSaysAsBytesAndAsJson() throws Exception {
        RandomStudent student = RandomStudent.stored(LocalKafka.unique("birds"), 1, folder, S3.store());
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
                GatewayProcess gateway = GatewayProcess.start(
                        KAFKA,
                        S3,
                        Map.of(
                                "ai.djl.offline",
                                "true",
                                "tutelage.work-dir",
                                folder.resolve("work").toString()))) {
            log.publish(
                    List.of(TaskDeclared.newBuilder().setTask(student.task()).build()));
            student.publish(log);
            student.promote(log);
            await().untilAsserted(() -> when().get(gateway.at("/v2/models/" + student.task() + "/ready"))
                    .then()
                    .statusCode(200));
            float[] values = values();
            JsonNode answer = ask(gateway, student.task(), values);

            assertThat(answer.path("live").asBoolean()).isTrue();
            assertThat(answer.path("ready").asBoolean()).isTrue();
            assertThat(answer.path("model_ready").asBoolean()).isTrue();
            assertThat(answer.path("server").asText()).isNotEmpty();
            assertThat(answer.at("/inputs/0").asText()).isEqualTo("images");
            assertThat(answer.path("version").asText()).isEqualTo(student.digest());
            assertThat(answer.at("/refusal/status").asText()).isEqualTo("404");
            assertThat(answer.at("/refusal/message").asText()).contains("no-such-model");
            DirectModel direct = new DirectModel(student.model());
            float[] logits = direct.logits(values, IMAGES);
            for (String way : List.of("binary", "json", "by_version")) {
                assertThat(floats(answer.path(way).path("logits"))).as(way).containsExactly(logits, within(1e-5f));
                for (int i = 0; i < IMAGES; i++) {
                    int size = RandomStudent.SHAPE.size();
                    double[] expected = direct.probabilities(Arrays.copyOfRange(values, i * size, (i + 1) * size));
                    for (int c = 0; c < expected.length; c++) {
                        assertThat(answer.path(way)
                                        .path("probabilities")
                                        .get(i * expected.length + c)
                                        .asDouble())
                                .as(way)
                                .isCloseTo(expected[c], within(1e-5));
                    }
                }
            }
        }
    }

    private static float[] floats(JsonNode numbers) {
        float[] found = new float[numbers.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = (float) numbers.get(i).asDouble();
        }
        return found;
    }

    private static float[] values() {
        Random random = new Random(7);
        float[] values = new float[IMAGES * RandomStudent.SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private static JsonNode ask(GatewayProcess gateway, String model, float[] values)
            throws IOException, InterruptedException {
        Path told = folder.resolve("told.json");
        Path errors = folder.resolve("errors");
        Process asking = new ProcessBuilder(
                        python().orElseThrow().toString(),
                        Path.of("src/test/python/infer.py").toString(),
                        gateway.at("").getAuthority(),
                        GatewayProcess.BEARER,
                        model,
                        IMAGES + "," + RandomStudent.SHAPE.channels() + "," + RandomStudent.SHAPE.height() + ","
                                + RandomStudent.SHAPE.width())
                .redirectOutput(told.toFile())
                .redirectError(errors.toFile())
                .start();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        try (OutputStream in = asking.getOutputStream()) {
            in.write(bytes.array());
        }
        assertThat(asking.waitFor()).as(() -> text(errors)).isZero();
        return new ObjectMapper().readTree(told.toFile());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
