package dev.tutelage.gateway.upload;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import io.restassured.RestAssured;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Tasks to upload to, a client, and eyes for what is said and stored. */
public final class UploadBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final LocalKafka kafka;
    private final LocalS3 s3;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** An answer. */
    public record Answer(int status, String type, JsonNode body) {
        public List<String> texts(String list, String field) {
            List<String> found = new ArrayList<>();
            body.path(list).forEach(each -> found.add(each.path(field).asText()));
            return found;
        }
    }

    public UploadBench(LocalKafka kafka, LocalS3 s3) {
        this.kafka = kafka;
        this.s3 = s3;
    }

    /** Declares a task of RGB images of 8 x 8, with the classes robin and wren, and waits until the gateways know it. */
    String declare(GatewayProcess... gateways) throws Exception {
        return declare(List.of(), gateways);
    }

    /** The same, with buckets that images come from. */
    public String declare(List<Source> sources, GatewayProcess... gateways) throws Exception {
        String task = LocalKafka.unique("birds");
        try (FactLog log = new FactLog(kafka.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(TaskDeclared.newBuilder()
                    .setTask(task)
                    .addAllClasses(List.of("robin", "wren"))
                    .setImage(ImageShape.newBuilder()
                            .setChannels(TestImages.SHAPE.channels())
                            .setHeight(TestImages.SHAPE.height())
                            .setWidth(TestImages.SHAPE.width()))
                    .addAllSources(sources)
                    .build()));
        }
        for (GatewayProcess gateway : gateways) {
            await().atMost(PATIENCE).until(() -> RestAssured.get(gateway.at("/api/tasks"))
                    .jsonPath()
                    .getList("items.task", String.class)
                    .contains(task));
        }
        return task;
    }

    /** Posts a body; headers come in pairs. */
    public Answer post(GatewayProcess gateway, String path, String type, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = gateway.request(path)
                .timeout(PATIENCE)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String answered = response.headers().firstValue("Content-Type").orElse("");
        JsonNode json = response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
        return new Answer(response.statusCode(), answered, json);
    }

    /** The shards of a task that were said, in their order, once a shard of that digest is among them. */
    public List<ShardAdded> shards(String task) {
        return facts(Topic.SHARDS).stream()
                .map(Fact::payload)
                .map(ShardAdded.class::cast)
                .filter(shard -> shard.getTask().equals(task))
                .toList();
    }

    /** The uploads to a task that were said, in their order. */
    public List<UploadAccepted> uploads(String task) {
        return facts(Topic.UPLOADS).stream()
                .map(Fact::payload)
                .map(UploadAccepted.class::cast)
                .filter(upload -> upload.getTask().equals(task))
                .toList();
    }

    /** How often each image is in the shards of a task that were said, by the digest of its bytes. */
    public Map<String, Integer> images(String task) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (ShardAdded shard : shards(task)) {
            contents(shard).forEach((name, bytes) -> {
                if (!name.endsWith(".cls")) {
                    found.merge(Sha256.of(bytes), 1, Integer::sum);
                }
            });
        }
        return found;
    }

    /** The entries of a shard as it is stored, by their names. */
    public Map<String, byte[]> contents(ShardAdded shard) throws IOException {
        Path file = Files.createTempFile("shard-", ".tar");
        try {
            Files.delete(file);
            s3.store().fetch(shard.getShard(), file);
            return entries(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Map<String, byte[]> entries(Path file) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                found.put(entry.getName(), tar.readAllBytes());
            }
        }
        return found;
    }

    private List<Fact> facts(Topic topic) {
        List<Fact> found = new ArrayList<>();
        try (FactReader reader = new FactReader(kafka.client(), List.of(topic))) {
            reader.readPastAll(Duration.ofSeconds(20), placed -> found.add(placed.fact()));
        }
        return found;
    }
}
