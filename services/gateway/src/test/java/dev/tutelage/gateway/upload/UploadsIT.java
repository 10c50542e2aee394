package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.event.v1.UploadedImages;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench.Answer;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UploadsIT {
    private static final Map<String, String> SETTINGS = Map.of(
            "tutelage.gateway.upload.linger", "200ms",
            "tutelage.gateway.upload.shard-images", "10",
            "tutelage.gateway.upload.request-bytes", "4M",
            "tutelage.gateway.upload.images", "100");

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static UploadBench bench;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        bench = new UploadBench(KAFKA, S3);
        gateway = GatewayProcess.start(KAFKA, S3, SETTINGS);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A body, and the images that are in it. */
    private record Body(String type, Supplier<byte[]> bytes, List<byte[]> images) {}

    @Test
    void imagesOfEveryKindOfBodyAreStoredAndSaidWhenTheyAreAnswered() throws Exception {
        List<Body> bodies = bodies();
        for (Body body : bodies) {
            String task = bench.declare(gateway);
            Answer answer =
                    bench.post(gateway, images(task), body.type(), body.bytes().get());
            assertThat(answer.status()).as(body.type() + " " + answer.body()).isEqualTo(200);
            String[] digests = body.images().stream().map(Sha256::of).toArray(String[]::new);
            assertThat(answer.texts("images", "digest")).containsExactly(digests);
            List<ShardAdded> shards = bench.shards(task);
            assertThat(shards).hasSize(1);
            assertThat(answer.texts("images", "shard"))
                    .containsOnly(shards.get(0).getShard().getDigest());
            assertThat(shards.get(0).getLabeled()).isFalse();
            assertThat(shards.get(0).getSplit()).isEqualTo(Split.SPLIT_TRAIN);
            assertThat(bench.images(task)).containsOnlyKeys(digests).allSatisfy((digest, times) -> assertThat(times)
                    .isEqualTo(1));
        }
    }

    private static List<Body> bodies() throws IOException {
        byte[] png = TestImages.png(1);
        byte[] jpeg = TestImages.jpeg(2);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a/one.png", png);
        files.put("two.jpg", jpeg);
        Map<String, byte[]> parts = new LinkedHashMap<>();
        files.forEach((name, bytes) -> parts.put("file:" + name, bytes));
        List<byte[]> both = List.of(png, jpeg);
        byte[] form = TestImages.form("xyz", parts);
        byte[] zip = TestImages.zip(files);
        byte[] tar = TestImages.tar(files);
        byte[] gzip = TestImages.gzip(tar);
        return List.of(
                new Body("image/png", () -> png, List.of(png)),
                new Body("image/jpeg", () -> jpeg, List.of(jpeg)),
                new Body("image/webp", () -> png, List.of(png)),
                new Body("application/octet-stream", () -> jpeg, List.of(jpeg)),
                new Body("multipart/form-data; boundary=xyz", () -> form, both),
                new Body("application/zip", () -> zip, both),
                new Body("application/x-tar", () -> tar, both),
                new Body("application/gzip", () -> gzip, both));
    }

    @Test
    void labelsComeFromTheQueryAFieldOrTheArchive() throws Exception {
        byte[] image = TestImages.png(3);
        Map<String, byte[]> form = new LinkedHashMap<>();
        form.put("label", TestImages.text("wren"));
        form.put("split", TestImages.text("held_out"));
        form.put("file:1.png", image);
        Map<String, byte[]> tar = new LinkedHashMap<>();
        tar.put("robin/1.png", image);
        tar.put("robin/1.cls", TestImages.text("1"));
        String byQuery = bench.declare(gateway);
        String byField = bench.declare(gateway);
        String byFolder = bench.declare(gateway);
        String byClass = bench.declare(gateway);
        List<Answer> answers = List.of(
                bench.post(gateway, images(byQuery) + "?label=wren", "image/png", image),
                bench.post(gateway, images(byField), "multipart/form-data; boundary=b", TestImages.form("b", form)),
                bench.post(
                        gateway,
                        images(byFolder) + "?labeled=true",
                        "application/zip",
                        TestImages.zip(Map.of("wren/sub/1.png", image))),
                bench.post(gateway, images(byClass) + "?labeled=true", "application/x-tar", TestImages.tar(tar)));
        assertThat(answers).extracting(Answer::status).containsOnly(200);
        for (String task : List.of(byQuery, byField, byFolder, byClass)) {
            ShardAdded shard = bench.shards(task).get(0);
            assertThat(shard.getLabeled()).isTrue();
            assertThat(bench.contents(shard).entrySet().stream()
                            .filter(entry -> entry.getKey().endsWith(".cls"))
                            .map(entry -> new String(entry.getValue(), StandardCharsets.US_ASCII)))
                    .containsExactly("1");
        }
        assertThat(bench.shards(byField).get(0).getSplit()).isEqualTo(Split.SPLIT_HELD_OUT);
    }

    @Test
    void anUploadOfManyImagesFillsSeveralShards() throws Exception {
        String task = bench.declare(gateway);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 25; i++) {
            files.put("same/name/" + i + ".png", TestImages.png(100 + i));
        }
        Answer answer = bench.post(gateway, images(task), "application/zip", TestImages.zip(files));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(bench.shards(task)).extracting(ShardAdded::getImages).containsExactly(10, 10, 5);
        UploadAccepted said = bench.uploads(task).get(0);
        assertThat(said.getBy()).isEqualTo("tests");
        assertThat(said.getShardsList()).extracting(UploadedImages::getImages).containsExactly(10, 10, 5);
        assertThat(bench.images(task).values()).hasSize(25).containsOnly(1);
    }

    @Test
    void whatCannotBeUsedIsToldOneByOneAndTheRestIsTaken() throws Exception {
        String task = bench.declare(gateway);
        byte[] good = TestImages.png(4);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("good.png", good);
        files.put("cut.png", Arrays.copyOf(good, good.length / 2));
        files.put("text.png", TestImages.text("no image at all"));
        Answer answer = bench.post(gateway, images(task), "application/zip", TestImages.zip(files));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.texts("images", "name")).containsExactly("good.png");
        assertThat(answer.texts("problems", "name")).containsExactly("cut.png", "text.png");
        assertThat(answer.texts("problems", "kind")).containsExactly("TRUNCATED", "UNSUPPORTED_FORMAT");
        assertThat(bench.uploads(task)).singleElement().satisfies(said -> assertThat(
                        List.of(said.getAccepted(), said.getRefused()))
                .containsExactly(1, 2));
    }

    @Test
    void whatIsWrongWithARequestIsToldByItsStatus() throws Exception {
        String task = bench.declare(gateway);
        byte[] image = TestImages.png(5);
        byte[] none = TestImages.text("none");
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put(i + ".png", image);
        }
        Map<Answer, Integer> expected = new LinkedHashMap<>();
        expected.put(bench.post(gateway, images(task), "image/png", none), 422);
        expected.put(bench.post(gateway, images(task) + "?label=heron", "image/png", image), 422);
        expected.put(bench.post(gateway, images("no-such-task"), "image/png", image), 404);
        expected.put(bench.post(gateway, images(task), "text/plain", image), 415);
        expected.put(bench.post(gateway, images(task), "image/png", image, "Content-Encoding", "br"), 415);
        expected.put(bench.post(gateway, images(task), "application/x-tar", new byte[5 << 20]), 413);
        expected.put(bench.post(gateway, images(task), "application/zip", TestImages.zip(many)), 413);
        expected.put(bench.post(gateway, images(task) + "?split=test", "image/png", image), 400);
        expected.put(bench.post(gateway, images(task) + "?split=held_out", "image/png", image), 400);
        expected.put(bench.post(gateway, images(task), "image/png", image, "Idempotency-Key", "a b"), 400);
        expected.put(bench.post(gateway, images(task), "image/png", image, "Idempotency-Key", "k".repeat(129)), 400);
        expected.put(bench.post(gateway, images(task), "multipart/form-data", image), 400);
        expected.forEach((answer, status) -> {
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
            assertThat(answer.type()).startsWith("application/problem+json");
            assertThat(answer.body().path("title").asText()).isNotEmpty();
            assertThat(answer.body().path("detail").asText()).isNotEmpty();
        });
        assertThat(bench.shards(task)).isEmpty();
    }

    @Test
    void aRepetitionWithTheSameKeyIsAnsweredTheSameAndAddsNothing() throws Exception {
        String task = bench.declare(gateway);
        byte[] image = TestImages.png(6);
        Map<String, byte[]> parts = Map.of("file:1.png", image);
        String[] key = {"Idempotency-Key", "camera-7/1"};
        Answer first =
                bench.post(gateway, images(task), "multipart/form-data; boundary=x", TestImages.form("x", parts), key);
        Answer again = bench.post(
                gateway, images(task), "multipart/form-data; boundary=other", TestImages.form("other", parts), key);
        Answer misused = bench.post(gateway, images(task), "image/png", TestImages.png(7), key);
        assertThat(first.status()).isEqualTo(200);
        assertThat(again).isEqualTo(first);
        assertThat(misused.status()).isEqualTo(422);
        assertThat(misused.body().path("detail").asText()).contains("camera-7/1");
        assertThat(bench.shards(task)).hasSize(1);
        assertThat(bench.uploads(task)).hasSize(1);
    }

    @Test
    void ofUploadsThatComeToTwoGatewaysWithTheSameKeyAtOnceOneIsTaken() throws Exception {
        try (GatewayProcess other = GatewayProcess.start(KAFKA, S3, SETTINGS)) {
            String task = bench.declare(gateway, other);
            ExecutorService clients = Executors.newFixedThreadPool(20);
            List<Future<Answer>> here = new ArrayList<>();
            List<Future<Answer>> there = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                byte[] image = TestImages.png(1000 + i);
                String key = "both-" + i;
                here.add(clients.submit(
                        () -> bench.post(gateway, images(task), "image/png", image, "Idempotency-Key", key)));
                there.add(clients.submit(
                        () -> bench.post(other, images(task), "image/png", image, "Idempotency-Key", key)));
            }
            for (int i = 0; i < here.size(); i++) {
                assertThat(here.get(i).get().status())
                        .as(here.get(i).get().body().toString())
                        .isEqualTo(200);
                assertThat(there.get(i).get()).isEqualTo(here.get(i).get());
            }
            clients.shutdown();
            assertThat(bench.images(task).values()).hasSize(40).containsOnly(1);
            assertThat(bench.uploads(task))
                    .extracting(UploadAccepted::getIdempotencyKey)
                    .hasSize(40)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void otherRequestsHaveALimitOfTheirOwn() throws Exception {
        Answer answer = bench.post(gateway, "/api/tasks", "application/json", new byte[11 << 20]);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    private static String images(String task) {
        return "/api/tasks/" + task + "/images";
    }
}
