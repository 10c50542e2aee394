package dev.tutelage.gateway.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The nearest training images, by what a real student's encoder makes of them. */
@Tag("slow")
@Timeout(180)
class NearestIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    static Path folder;

    private static final int UNLABELED = 40;
    private static final int LABELED = 10;
    private static FactLog log;
    private static GatewayProcess gateway;

    private final String task = LocalKafka.unique("birds");

    @BeforeAll
    static void start() throws Exception {
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        gateway = GatewayProcess.start(
                KAFKA,
                S3,
                Map.of(
                        "ai.djl.offline", "true",
                        "tutelage.work-dir", folder.resolve("work").toString(),
                        "tutelage.gateway.nearest.images", "80",
                        "tutelage.gateway.nearest.spread", "2"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        log.close();
    }

    private static byte[] image(int number) {
        return TestImages.png(RandomStudent.SHAPE, number);
    }

    /** The images with these numbers, from one to before the other; those with labels have that of their number. */
    private ShardAdded shard(int from, int to, boolean labeled, Split split) throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(tar)) {
            for (int i = from; i < to; i++) {
                writer.add("bird-" + i, image(i), labeled ? OptionalInt.of(i % 3) : OptionalInt.empty());
            }
        }
        return added(S3.store().put(tar.toByteArray(), "shard.tar"), to - from, labeled, split);
    }

    private ShardAdded added(Artifact shard, int images, boolean labeled, Split split) {
        return ShardAdded.newBuilder()
                .setTask(task)
                .setShard(shard)
                .setImages(images)
                .setLabeled(labeled)
                .setSplit(split)
                .build();
    }

    private RandomStudent answering() throws Exception {
        RandomStudent student = RandomStudent.stored(task, 7, folder, S3.store());
        log.publish(List.of(TaskDeclared.newBuilder()
                .setTask(task)
                .addAllClasses(RandomStudent.CLASSES)
                .build()));
        student.publish(log);
        student.promote(log);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> given().get(gateway.at("/v2/models/" + task + "/ready"))
                        .then()
                        .statusCode(200)
                        .body("version", equalTo(student.digest())));
        return student;
    }

    private URI at(String query) {
        return gateway.at("/api/tasks/" + task + "/nearest" + query);
    }

    private JsonPath nearest(byte[] image, String query, int compared) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> given().body(image)
                .post(at(query))
                .then()
                .statusCode(200)
                .body("compared", equalTo(compared))
                .body("wanted", equalTo(compared)));
        return given().body(image)
                .post(at(query))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    /** The naive cosine of the features of two images. */
    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double first = 0;
        double second = 0;
        for (int k = 0; k < one.length; k++) {
            dot += (double) one[k] * other[k];
            first += (double) one[k] * one[k];
            second += (double) other[k] * other[k];
        }
        return dot / Math.sqrt(first) / Math.sqrt(second);
    }

    /** By digest, how alike training images are to one. */
    private static Map<String, Double> expected(RandomStudent student, byte[] asked, IntStream numbers)
            throws Exception {
        DirectModel direct = new DirectModel(student.model());
        float[] own = direct.features(DirectModel.values(asked, RandomStudent.SHAPE), 1);
        Map<String, Double> similarities = new HashMap<>();
        for (int number : numbers.toArray()) {
            float[] other = direct.features(DirectModel.values(image(number), RandomStudent.SHAPE), 1);
            similarities.put(Sha256.of(image(number)), cosine(own, other));
        }
        return similarities;
    }

    @Test
    void theNearestTrainingImagesAreThoseOfTheNaiveSearch() throws Exception {
        RandomStudent student = answering();
        ShardAdded unlabeled = shard(0, UNLABELED, false, Split.SPLIT_TRAIN);
        // Its last image is in the other shard, too.
        ShardAdded labeled = shard(UNLABELED - 1, UNLABELED - 1 + LABELED, true, Split.SPLIT_TRAIN);
        ShardAdded heldOut = shard(100, 105, true, Split.SPLIT_HELD_OUT);
        log.publish(List.of(unlabeled, labeled, heldOut));
        byte[] asked = image(101);
        Map<String, Double> expected = expected(student, asked, IntStream.range(0, UNLABELED - 1 + LABELED));
        JsonPath said = nearest(asked, "?count=50", UNLABELED + LABELED);
        assertThat(said.getString("checkpoint")).isEqualTo(student.digest());
        List<String> images = said.getList("images.image");
        List<Float> similarities = said.getList("images.similarity", Float.class);
        assertThat(images)
                .as("each once, and none that is held out")
                .containsExactlyInAnyOrderElementsOf(expected.keySet());
        assertThat(similarities).isSortedAccordingTo(Comparator.reverseOrder());
        for (int i = 0; i < images.size(); i++) {
            assertThat(similarities.get(i).doubleValue()).isCloseTo(expected.get(images.get(i)), within(1e-5));
        }
        assertThat(nearest(asked, "?count=3", UNLABELED + LABELED).<String>getList("images.image"))
                .isEqualTo(images.subList(0, 3));
        byte[] known = image(UNLABELED + 2);
        JsonPath itself = nearest(known, "", UNLABELED + LABELED);
        assertThat(itself.getList("images")).hasSize(6);
        assertThat(itself.getString("images[0].image")).isEqualTo(Sha256.of(known));
        assertThat(itself.getDouble("images[0].similarity")).isCloseTo(1, within(1e-5));
        assertThat(itself.getString("images[0].label")).isEqualTo(RandomStudent.CLASSES.get((UNLABELED + 2) % 3));
        assertThat(itself.getString("images[0].shard"))
                .isEqualTo(labeled.getShard().getDigest());
        assertThat(given().get(gateway.at(itself.getString("images[0].address")))
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray())
                .isEqualTo(known);
    }

    @Test
    void newShardsAreComparedToo() throws Exception {
        answering();
        byte[] asked = image(200);
        given().body(asked)
                .post(at(""))
                .then()
                .statusCode(200)
                .body("wanted", equalTo(0))
                .body("images", equalTo(List.of()));
        log.publish(List.of(shard(0, 60, false, Split.SPLIT_TRAIN)));
        nearest(asked, "", 40);
        log.publish(List.of(shard(190, 210, false, Split.SPLIT_TRAIN)));
        JsonPath more = nearest(asked, "", 60);
        assertThat(more.getString("images[0].image")).isEqualTo(Sha256.of(asked));
    }

    @Test
    void aShardThatCannotBeReadIsToldAndTheOthersAreCompared() throws Exception {
        answering();
        log.publish(List.of(
                shard(0, 5, false, Split.SPLIT_TRAIN),
                added(
                        Artifact.newBuilder()
                                .setDigest(Sha256.of(image(0)))
                                .setSize(100)
                                .setName("shard.tar")
                                .build(),
                        9,
                        false,
                        Split.SPLIT_TRAIN)));
        JsonPath said = nearest(image(1), "", 5);
        assertThat(said.getString("problem")).contains("Shard " + Sha256.of(image(0)) + " cannot be compared");
        assertThat(said.getString("images[0].image")).isEqualTo(Sha256.of(image(1)));
    }

    @Test
    void whatCannotBeAskedIsAProblem() throws Exception {
        given().body(image(1)).post(at("")).then().statusCode(404).body("detail", containsString("No task"));
        answering();
        for (String count : List.of("0", "51", "many")) {
            given().body(image(1))
                    .post(at("?count=" + count))
                    .then()
                    .statusCode(400)
                    .body("detail", containsString("a whole number from 1 to 50, not '" + count + "'"));
        }
        given().body("no image".getBytes(StandardCharsets.UTF_8))
                .post(at(""))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("detail", containsString("neither PNG, JPEG nor WebP"));
    }
}
