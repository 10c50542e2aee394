package dev.tutelage.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LabelStudioIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IMAGES = 6;

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final LabelBench bench = new LabelBench(KAFKA, S3);

    /** As Label Studio exports a task that it imported, once somebody has annotated it. */
    private static ObjectNode annotated(JsonNode imported, boolean cancelled, String... classes) {
        ObjectNode exported = JSON.createObjectNode();
        exported.put("id", 17);
        exported.set("data", imported.path("data").deepCopy());
        exported.put("created_at", "2026-03-09T21:52:49.513742Z");
        exported.putArray("drafts");
        ObjectNode annotation = exported.putArray("annotations").addObject();
        annotation
                .put("id", 3)
                .put("completed_by", 1)
                .put("was_cancelled", cancelled)
                .put("lead_time", 4.288);
        ObjectNode result = annotation.putArray("result").addObject();
        result.put("id", "Dx_aB91ISN").put("from_name", "choice").put("to_name", "image");
        result.put("type", "choices").put("origin", "manual");
        ArrayNode choices = result.putObject("value").putArray("choices");
        List.of(classes).forEach(choices::add);
        return exported;
    }

    @Test
    void theQueueGoesToLabelStudioAndItsExportComesBackAsLabels() throws Exception {
        ShardAdded shard = bench.shard(0, IMAGES, false, Split.SPLIT_TRAIN);
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", LabelBench.random(5, IMAGES)));
        try (GatewayProcess gateway =
                GatewayProcess.start(KAFKA, S3, Map.of("tutelage.gateway.upload.linger", "100ms"))) {
            JsonNode queue = bench.awaitQueue(gateway, "", IMAGES);
            JsonNode tasks = bench.json(gateway, bench.path("label-studio"));
            assertThat(tasks).hasSize(IMAGES);
            for (int i = 0; i < IMAGES; i++) {
                JsonNode item = queue.path("items").get(i);
                JsonNode task = tasks.get(i);
                assertThat(task.path("data").path("image").asText())
                        .isEqualTo(gateway.at(item.path("address").asText()).toString());
                JsonNode prediction = task.path("predictions").get(0);
                assertThat(prediction.path("model_version").asText())
                        .isEqualTo(item.path("teacher").asText());
                assertThat(prediction.path("score").asDouble())
                        .isCloseTo(
                                item.path("guesses").get(0).path("probability").asDouble(), within(1e-12));
                JsonNode result = prediction.path("result").get(0);
                assertThat(result.path("type").asText()).isEqualTo("choices");
                assertThat(result.path("from_name").asText()).isEqualTo("choice");
                assertThat(result.path("to_name").asText()).isEqualTo("image");
                assertThat(result.path("value").path("choices").get(0).asText())
                        .isEqualTo(item.path("guesses").get(0).path("class").asText());
            }
            String address =
                    URI.create(tasks.get(0).path("data").path("image").asText()).getPath();
            assertThat(bench.get(gateway, address).statusCode()).isEqualTo(200);
            assertThat(new String(
                            bench.get(gateway, bench.path("label-studio/config"))
                                    .body(),
                            UTF_8))
                    .contains("<Choices name=\"choice\" toName=\"image\"", "value=\"owl\"");

            ArrayNode export = JSON.createArrayNode();
            export.add(annotated(tasks.get(0), false, "owl"));
            export.add(annotated(tasks.get(1), true, "wren"));
            export.add(annotated(tasks.get(2), false, "eagle"));
            export.add(annotated(tasks.get(3), false, "owl", "wren"));
            ObjectNode stranger = annotated(tasks.get(4), false, "owl");
            ((ObjectNode) stranger.path("data")).put("digest", "0".repeat(64));
            export.add(stranger);
            // Without our fields, as after a detour through a table: the address tells.
            ObjectNode bare = annotated(tasks.get(5), false, "robin");
            ((ObjectNode) bare.path("data")).remove(List.of("digest", "shard", "usefulness"));
            export.add(bare);
            UploadBench.Answer answer = bench.post(gateway, bench.path("label-studio"), export.toString());
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
            assertThat(answer.texts("outcomes", "outcome"))
                    .containsExactly(
                            "labeled", "skipped", "unknown-class", "several-choices", "unknown-image", "labeled");
            assertThat(bench.labeled())
                    .isEqualTo(Map.of(
                            tasks.get(0).path("data").path("digest").asText(), List.of("owl"),
                            tasks.get(5).path("data").path("digest").asText(), List.of("robin")));
            UploadBench.Answer again = bench.post(gateway, bench.path("label-studio"), export.toString());
            assertThat(again.body().path("counts").path("already-labeled").asInt())
                    .isEqualTo(2);
            assertThat(bench.labeled()).hasSize(2);

            assertThat(bench.post(gateway, bench.path("label-studio"), "[{\"data\": 1}]")
                            .status())
                    .isEqualTo(400);
            assertThat(bench.post(gateway, bench.path("label-studio"), "[" + " ".repeat(11 << 20) + "]")
                            .status())
                    .isEqualTo(413);
        }
    }
}
