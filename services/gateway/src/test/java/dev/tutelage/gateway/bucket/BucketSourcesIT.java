package dev.tutelage.gateway.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.TestImages;
import dev.tutelage.gateway.upload.UploadBench;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.PlacedFact;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Objects that come into a bucket, told as an S3 service does. */
@Tag("slow")
class BucketSourcesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS =
            Map.of("tutelage.gateway.upload.linger", "200ms", "tutelage.gateway.upload.shard-images", "8");

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final UploadBench bench = new UploadBench(KAFKA, S3);
    private static GatewayProcess gateway;
    private Camera camera;
    private String task;

    @BeforeAll
    static void startGateway() throws Exception {
        gateway = GatewayProcess.start(KAFKA, S3, SETTINGS);
    }

    @AfterAll
    static void stopGateway() {
        gateway.close();
    }

    @BeforeEach
    void declare() throws Exception {
        camera = new Camera(KAFKA, S3);
        Source all = Source.newBuilder()
                .setBucket(camera.bucket)
                .setPrefix("in/")
                .setSplit(Split.SPLIT_TRAIN)
                .build();
        Source heldOut = Source.newBuilder()
                .setBucket(camera.bucket)
                .setPrefix("checked/")
                .setSplit(Split.SPLIT_HELD_OUT)
                .setLabeled(true)
                .build();
        task = bench.declare(List.of(all, heldOut), gateway);
    }

    @AfterEach
    void stop() {
        camera.close();
    }

    @Test
    void newImagesAndArchivesAreInOnceHoweverOftenTheyAreTold() throws Exception {
        byte[] event = camera.put("in/a b+c.png", TestImages.png(1));
        for (int i = 0; i < 5; i++) {
            camera.say("in/a b+c.png", event);
        }
        camera.putAndSay("in/day.zip", TestImages.zip(Map.of("2.png", TestImages.png(2), "read.me", new byte[9])));
        camera.putAndSay("in/day.tar", TestImages.tar(Map.of("3.png", TestImages.png(3))));
        camera.putAndSay("in/read.me", TestImages.png(4));
        camera.putAndSay("elsewhere/5.png", TestImages.png(5));
        camera.say("in/6.png", camera.event("s3:ObjectRemoved:Delete", "in/6.png", "etag"));
        camera.putAndSay("checked/wren/7.png", TestImages.png(7));
        awaitImages(1, 2, 3, 7);
        ShardAdded checked = bench.shards(task).stream()
                .filter(shard -> shard.getSplit() == Split.SPLIT_HELD_OUT)
                .findFirst()
                .orElseThrow();
        assertThat(checked.getLabeled()).isTrue();
        assertThat(bench.contents(checked).entrySet())
                .filteredOn(entry -> entry.getKey().endsWith(".cls"))
                .singleElement()
                .satisfies(label -> assertThat(label.getValue()).isEqualTo("1".getBytes(UTF_8)));
        assertThat(letters()).isEmpty();
    }

    @Test
    void anObjectThatWasReplacedIsTakenAsItIsNow() throws Exception {
        byte[] old = camera.put("in/1.png", TestImages.png(11));
        byte[] now = camera.put("in/1.png", TestImages.png(12));
        camera.say("in/1.png", old);
        camera.say("in/1.png", now);
        awaitImages(12);
        assertThat(letters()).isEmpty();
    }

    @Test
    void eachImageIsInOnceWhenTheGatewayIsKilled() throws Exception {
        int[] numbers = IntStream.range(100, 160).toArray();
        for (int number : numbers) {
            camera.putAndSay("in/" + number + ".png", TestImages.png(number));
        }
        await().atMost(PATIENCE).until(() -> !bench.shards(task).isEmpty());
        gateway.kill();
        gateway.restart();
        awaitImages(numbers);
        // What was told again has been dealt with when what comes after it in each partition has.
        int[] more = IntStream.range(160, 200).toArray();
        for (int number : more) {
            camera.putAndSay("in/" + number + ".png", TestImages.png(number));
        }
        awaitImages(IntStream.range(100, 200).toArray());
    }

    @Test
    void whatCannotBeTakenIsADeadLetterThatCanBeReplayed() throws Exception {
        camera.say("in/none.png", "no notification".getBytes(UTF_8));
        byte[] good = TestImages.png(20);
        // Its ETag is known before it is there.
        byte[] late = camera.put("in/late.png", good);
        camera.remove("in/late.png");
        camera.say("in/late.png", late);
        camera.putAndSay("in/text.png", "no image".getBytes(UTF_8));
        camera.putAndSay(
                "in/some.zip", TestImages.zip(Map.of("21.png", TestImages.png(21), "bad.png", "no".getBytes(UTF_8))));
        awaitImages(21);
        await().atMost(PATIENCE).until(() -> letters().size() == 3);
        Map<String, DeadLettered> byKey = new HashMap<>();
        letters()
                .forEach(letter ->
                        byKey.put(key(letter), (DeadLettered) letter.fact().payload()));
        assertThat(byKey.get("in/late.png").getReason()).contains("is not there any more");
        assertThat(byKey.get("in/text.png").getReason()).contains("is not taken");
        assertThat(byKey.get("in/text.png").getRejected(0).getReason()).isNotEmpty();
        assertThat(byKey.get("in/some.zip").getReason()).contains("1 of 2 images");
        assertThat(byKey.get("in/some.zip").getRejected(0).getImage()).isEqualTo("bad.png");

        camera.put("in/late.png", good);
        long offset = letters().stream()
                .filter(letter -> key(letter).equals("in/late.png"))
                .findFirst()
                .orElseThrow()
                .place()
                .offset();
        assertThat(RestAssured.post(gateway.at("/api/dead-letters/" + offset + "/replay"))
                        .statusCode())
                .isEqualTo(202);
        awaitImages(20, 21);
    }

    @Test
    void aRecordThatIsNoNotificationIsADeadLetterOfNoTask() throws Exception {
        String key = LocalKafka.unique("nonsense");
        camera.say(key, "no notification".getBytes(UTF_8));
        await().atMost(PATIENCE).until(() -> allLetters().stream()
                .map(letter -> (DeadLettered) letter.fact().payload())
                .anyMatch(letter -> letter.getKey().toString(UTF_8).endsWith(key)
                        && letter.getReason().contains("no notification of a bucket")));
    }

    private void awaitImages(int... numbers) {
        String[] digests = IntStream.of(numbers)
                .mapToObj(number -> Sha256.of(TestImages.png(number)))
                .toArray(String[]::new);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(bench.images(task))
                .containsOnlyKeys(digests)
                .allSatisfy((digest, times) -> assertThat(times).isEqualTo(1)));
    }

    private String key(PlacedFact letter) {
        return ((DeadLettered) letter.fact().payload()).getKey().toString(UTF_8).substring(camera.bucket.length() + 1);
    }

    /** Those about the task. */
    private List<PlacedFact> letters() {
        return allLetters().stream()
                .filter(letter ->
                        ((DeadLettered) letter.fact().payload()).getTask().equals(task))
                .toList();
    }

    private static List<PlacedFact> allLetters() {
        List<PlacedFact> found = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.DEAD_LETTERS))) {
            reader.readPastAll(Duration.ofSeconds(20), found::add);
        }
        return found;
    }
}
