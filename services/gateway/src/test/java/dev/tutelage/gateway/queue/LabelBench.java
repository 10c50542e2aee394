package dev.tutelage.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.stored.SoftLabelBytes;
import dev.tutelage.gateway.upload.UploadBench;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A task with images that teachers have labeled, and eyes for what people's answers become. */
final class LabelBench {
    static final List<String> CLASSES = List.of("robin", "wren", "owl");

    private static final dev.tutelage.learning.data.ImageShape SHAPE =
            new dev.tutelage.learning.data.ImageShape(3, 8, 8);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalKafka kafka;
    private final LocalS3 s3;
    private final HttpClient http = HttpClient.newHttpClient();
    private final UploadBench uploads;
    private final String task = LocalKafka.unique("birds");

    LabelBench(LocalKafka kafka, LocalS3 s3) {
        this.kafka = kafka;
        this.s3 = s3;
        this.uploads = new UploadBench(kafka, s3);
    }

    String task() {
        return task;
    }

    TaskDeclared declared() {
        return TaskDeclared.newBuilder()
                .setTask(task)
                .addAllClasses(CLASSES)
                .setImage(ImageShape.newBuilder()
                        .setChannels(SHAPE.channels())
                        .setHeight(SHAPE.height())
                        .setWidth(SHAPE.width()))
                .build();
    }

    void say(Message... facts) throws Exception {
        try (FactLog log = new FactLog(kafka.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(facts));
        }
    }

    /** An image; equal numbers give equal bytes. */
    byte[] image(int number) {
        byte[] pixels = new byte[SHAPE.size()];
        new SplittableRandom(number).nextBytes(pixels);
        return ImageCodec.png(SHAPE, pixels);
    }

    String digest(int number) {
        return Sha256.of(image(number));
    }

    /** A shard of the images with these numbers, from one to before the other, stored. */
    ShardAdded shard(int from, int to, boolean labeled, Split split) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(tar)) {
            for (int i = from; i < to; i++) {
                writer.add("bird-" + i, image(i), labeled ? OptionalInt.of(0) : OptionalInt.empty());
            }
        }
        return ShardAdded.newBuilder()
                .setTask(task)
                .setShard(s3.store().put(tar.toByteArray(), "shard.tar"))
                .setImages(to - from)
                .setLabeled(labeled)
                .setSplit(split)
                .build();
    }

    static String teacher(String name) {
        return Sha256.of(name.getBytes(UTF_8));
    }

    /** What a teacher says of the images of a shard, stored. */
    SoftLabelsAdded labels(ShardAdded shard, int from, String teacher, float... logits) {
        int images = logits.length / CLASSES.size();
        List<String> digests =
                IntStream.range(from, from + images).mapToObj(this::digest).toList();
        Artifact file = s3.store().put(SoftLabelBytes.of(digests, logits), "soft-labels.safetensors");
        return SoftLabelsAdded.newBuilder()
                .setTask(task)
                .setShard(shard.getShard().getDigest())
                .setTeacher(teacher(teacher))
                .setViews(1)
                .setImages(images)
                .setLogits(file)
                .build();
    }

    Promoted promoted(String teacher) {
        return Promoted.newBuilder()
                .setTask(task)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(teacher(teacher))
                .build();
    }

    /** Random logits for so many images, the same for the same seed. */
    static float[] random(long seed, int images) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[images * CLASSES.size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextDouble(-2, 2);
        }
        return logits;
    }

    HttpResponse<byte[]> get(GatewayProcess gateway, String path) throws IOException, InterruptedException {
        return http.send(gateway.request(path).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonNode json(GatewayProcess gateway, String path) throws IOException, InterruptedException {
        return JSON.readTree(get(gateway, path).body());
    }

    String path(String rest) {
        return "/api/tasks/" + task + "/" + rest;
    }

    /** Waits until so many images are in the queue of a gateway. */
    JsonNode awaitQueue(GatewayProcess gateway, String query, int images) throws IOException, InterruptedException {
        await().atMost(PATIENCE).untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                        json(gateway, path("label-queue" + query)).path("left").asInt())
                .isEqualTo(images));
        return json(gateway, path("label-queue" + query));
    }

    /** Waits until a gateway has read the soft labels of a shard. */
    void awaitRead(GatewayProcess gateway) {
        await().atMost(PATIENCE)
                .until(() -> json(gateway, path("label-queue")).path("shards").asInt() == 1);
    }

    UploadBench.Answer answer(GatewayProcess gateway, String... answers) throws IOException, InterruptedException {
        return uploads.post(
                gateway,
                path("label-queue/answers"),
                "application/json",
                ("{\"answers\": [" + String.join(", ", answers) + "]}").getBytes(UTF_8));
    }

    UploadBench.Answer post(GatewayProcess gateway, String path, String body) throws IOException, InterruptedException {
        return uploads.post(gateway, path, "application/json", body.getBytes(UTF_8));
    }

    String classed(int number, String name) {
        return "{\"image\": \"" + digest(number) + "\", \"class\": \"" + name + "\"}";
    }

    String classed(int number, String name, ShardAdded shard) {
        return "{\"image\": \"" + digest(number) + "\", \"class\": \"" + name + "\", \"shard\": \""
                + shard.getShard().getDigest() + "\"}";
    }

    String skipped(int number) {
        return "{\"image\": \"" + digest(number) + "\", \"skip\": true}";
    }

    /** The labels of images in labeled shards that were said, by digest; of an image that is there twice, both. */
    Map<String, List<String>> labeled() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        for (ShardAdded shard : uploads.shards(task)) {
            if (shard.getLabeled()) {
                Map<String, byte[]> contents = uploads.contents(shard);
                contents.forEach((name, bytes) -> {
                    if (!name.endsWith(".cls")) {
                        String label = name.substring(0, name.lastIndexOf('.')) + ".cls";
                        int number = Integer.parseInt(new String(contents.get(label), UTF_8).strip());
                        found.computeIfAbsent(Sha256.of(bytes), none -> new ArrayList<>())
                                .add(CLASSES.get(number));
                    }
                });
            }
        }
        return found;
    }
}
