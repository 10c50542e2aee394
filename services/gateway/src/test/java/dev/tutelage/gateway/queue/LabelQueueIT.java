package dev.tutelage.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LabelQueueIT {
    private static final Map<String, String> SETTINGS =
            Map.of("tutelage.gateway.upload.linger", "200ms", "tutelage.gateway.queue.clusters", "3");
    private static final int IMAGES = 12;

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static GatewayProcess gateway;
    /** It keeps few images of a shard. */
    private static GatewayProcess other;

    private final LabelBench bench = new LabelBench(KAFKA, S3);

    @BeforeAll
    static void start() throws Exception {
        gateway = GatewayProcess.start(KAFKA, S3, SETTINGS);
        other = GatewayProcess.start(
                KAFKA,
                S3,
                Map.of(
                        "tutelage.gateway.upload.linger", "200ms",
                        "tutelage.gateway.queue.best", "2",
                        "tutelage.gateway.queue.sample", "1"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
    }

    private ShardAdded unlabeled() throws Exception {
        return bench.shard(0, IMAGES, false, Split.SPLIT_TRAIN);
    }

    private void tell() throws Exception {
        ShardAdded shard = unlabeled();
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", LabelBench.random(1, IMAGES)));
    }

    private static double[] softmax(float[] logits, int image) {
        double[] likely = new double[3];
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            likely[c] = Math.exp(logits[3 * image + c]);
            sum += likely[c];
        }
        for (int c = 0; c < 3; c++) {
            likely[c] /= sum;
        }
        return likely;
    }

    private static double entropy(double[] likely) {
        double sum = 0;
        for (double p : likely) {
            sum -= p * Math.log(p);
        }
        return sum;
    }

    private static double margin(double[] likely) {
        double[] sorted = likely.clone();
        java.util.Arrays.sort(sorted);
        return sorted[2] - sorted[1];
    }

    private static List<String> images(JsonNode queue) {
        List<String> images = new ArrayList<>();
        queue.path("items").forEach(item -> images.add(item.path("image").asText()));
        return images;
    }

    private List<String> sorted(Comparator<Integer> order, int limit) {
        return IntStream.range(0, IMAGES)
                .boxed()
                .sorted(order)
                .limit(limit)
                .map(bench::digest)
                .toList();
    }

    @Test
    void theQueueIsInTheOrderOfANaiveLoopByEachStrategyAndOfTheNewestTeacher() throws Exception {
        ShardAdded shard = unlabeled();
        float[] old = LabelBench.random(1, IMAGES);
        float[] now = LabelBench.random(2, IMAGES);
        bench.say(
                bench.declared(),
                shard,
                bench.promoted("first"),
                bench.labels(shard, 0, "first", old),
                bench.promoted("second"),
                bench.labels(shard, 0, "second", now));
        JsonNode byDisagreement = bench.awaitQueue(gateway, "?strategy=disagreement", IMAGES);
        assertThat(images(byDisagreement))
                .isEqualTo(sorted(
                        Comparator.comparingDouble(i -> {
                            double[] p = softmax(now, i);
                            double[] q = softmax(old, i);
                            double[] m = {(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2};
                            return (entropy(p) + entropy(q)) / 2 - entropy(m);
                        }),
                        IMAGES));
        JsonNode byEntropy = bench.json(gateway, bench.path("label-queue?strategy=entropy&limit=7"));
        assertThat(images(byEntropy)).isEqualTo(sorted(Comparator.comparingDouble(i -> -entropy(softmax(now, i))), 7));
        JsonNode byMargin = bench.json(gateway, bench.path("label-queue"));
        assertThat(images(byMargin))
                .isEqualTo(sorted(Comparator.comparingDouble(i -> margin(softmax(now, i))), IMAGES));
        JsonNode first = byMargin.path("items").get(0);
        int number = IntStream.range(0, IMAGES)
                .filter(i -> bench.digest(i).equals(first.path("image").asText()))
                .findFirst()
                .orElseThrow();
        assertThat(first.path("score").asDouble()).isCloseTo(1 - margin(softmax(now, number)), within(1e-6));
        assertThat(first.path("teacher").asText()).isEqualTo(LabelBench.teacher("second"));
        assertThat(first.path("shard").asText()).isEqualTo(shard.getShard().getDigest());
        JsonNode guess = first.path("guesses").get(0);
        assertThat(guess.path("probability").asDouble())
                .isCloseTo(
                        softmax(now, number)[
                                LabelBench.CLASSES.indexOf(guess.path("class").asText())],
                        within(1e-6));

        HttpResponse<byte[]> bytes = bench.get(gateway, first.path("address").asText());
        assertThat(bytes.body()).isEqualTo(bench.image(number));
        assertThat(bytes.headers().firstValue("content-type")).contains("image/png");
        assertThat(bench.json(gateway, bench.path("label-queue"))
                        .path("items")
                        .get(0)
                        .path("key")
                        .asText())
                .as("of a shard that was looked into the key is known")
                .isEqualTo("bird-" + number);
    }

    private int number(String image) {
        return IntStream.range(0, IMAGES)
                .filter(i -> bench.digest(i).equals(image))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneOfEachKindIsAskedBeforeTheSecondOfAny() throws Exception {
        int[] kinds = {0, 1, 0, 2, 0, 1, 0, 1, 0, 2, 0, 1};
        float[] logits = LabelBench.random(5, IMAGES);
        for (int i = 0; i < IMAGES; i++) {
            logits[3 * i + kinds[i]] += 8;
        }
        ShardAdded shard = unlabeled();
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", logits));
        List<String> asked = images(bench.awaitQueue(gateway, "?strategy=centres", IMAGES));
        assertThat(asked.stream().map(image -> kinds[number(image)]))
                .containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 0, 1, 0, 0);
        bench.answer(gateway, bench.classed(number(asked.get(0)), "owl"));
        assertThat(images(bench.json(gateway, bench.path("label-queue?strategy=centres"))))
                .isEqualTo(asked.subList(1, IMAGES));
    }

    @Test
    void imagesOfLabeledAndHeldOutShardsAreNotAsked() throws Exception {
        ShardAdded shard = unlabeled();
        ShardAdded labeled = bench.shard(100, 104, true, Split.SPLIT_TRAIN);
        ShardAdded heldOut = bench.shard(200, 204, true, Split.SPLIT_HELD_OUT);
        bench.say(
                bench.declared(),
                shard,
                labeled,
                heldOut,
                bench.labels(labeled, 100, "first", LabelBench.random(3, 4)),
                bench.labels(heldOut, 200, "first", LabelBench.random(4, 4)),
                bench.labels(shard, 0, "first", LabelBench.random(1, IMAGES)));
        JsonNode queue = bench.awaitQueue(gateway, "?limit=100", IMAGES);
        assertThat(images(queue))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, IMAGES).mapToObj(bench::digest).toList());
        assertThat(queue.path("shards").asInt()).isEqualTo(1);
        assertThat(queue.path("unread").asInt()).isZero();
    }

    @Test
    void anAnswerBecomesALabeledImageOnceAndTheFirstCounts() throws Exception {
        tell();
        bench.awaitQueue(gateway, "", IMAGES);
        UploadBench.Answer first =
                bench.answer(gateway, bench.classed(0, "owl"), bench.classed(1, "wren"), bench.skipped(2));
        assertThat(first.status()).as(first.body().toString()).isEqualTo(200);
        assertThat(first.texts("outcomes", "outcome")).containsExactly("labeled", "labeled", "skipped");
        assertThat(bench.labeled())
                .isEqualTo(Map.of(bench.digest(0), List.of("owl"), bench.digest(1), List.of("wren")));
        assertThat(images(bench.json(gateway, bench.path("label-queue"))))
                .hasSize(IMAGES - 3)
                .doesNotContain(bench.digest(0), bench.digest(1), bench.digest(2));

        UploadBench.Answer again = bench.answer(gateway, bench.classed(0, "owl"), bench.classed(1, "robin"));
        assertThat(again.texts("outcomes", "outcome")).containsExactly("already-labeled", "already-labeled");
        assertThat(again.texts("outcomes", "class")).containsExactly("owl", "wren");
        UploadBench.Answer both = bench.answer(gateway, bench.classed(3, "owl"), bench.classed(3, "robin"));
        assertThat(both.texts("outcomes", "outcome")).containsExactly("labeled", "already-labeled");
        assertThat(both.texts("outcomes", "class")).containsExactly("owl", "owl");
        assertThat(bench.labeled()).hasSize(3).allSatisfy((image, labels) -> assertThat(labels)
                .hasSize(1));
    }

    @Test
    void whatCannotBeAnsweredIsToldWithTheNearestNames() throws Exception {
        tell();
        bench.awaitQueue(gateway, "", IMAGES);
        UploadBench.Answer unknownClass = bench.answer(gateway, bench.classed(0, "owl"), bench.classed(1, "wrenn"));
        assertThat(unknownClass.status()).isEqualTo(400);
        assertThat(unknownClass.type()).startsWith("application/problem+json");
        assertThat(unknownClass.body().path("detail").asText()).contains("answers[1].class", "nearest are: wren");
        UploadBench.Answer unknownImage = bench.answer(gateway, bench.classed(0, "owl"), bench.classed(77, "wren"));
        assertThat(unknownImage.status()).isEqualTo(404);
        assertThat(unknownImage.body().path("detail").asText()).contains("answers[1].image", "The nearest are: ");
        assertThat(bench.labeled()).as("all or nothing").isEmpty();
        for (String body :
                List.of("", "{}", "[]", "{\"answers\": []}", "{\"answers\": [null]}", "{\"answers\": [{}]}")) {
            assertThat(bench.post(gateway, bench.path("label-queue/answers"), body)
                            .status())
                    .as(body)
                    .isEqualTo(400);
        }
        for (String query : List.of("?strategy=mood", "?limit=0", "?limit=x", "?limits=3", "?limit=1000000")) {
            assertThat(bench.get(gateway, bench.path("label-queue" + query)).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(bench.get(gateway, "/api/tasks/none-such/label-queue").statusCode())
                .isEqualTo(404);
        assertThat(bench.get(gateway, bench.path("shards/abc/images/def")).statusCode())
                .isEqualTo(404);
        assertThat(bench.post(gateway, bench.path("label-queue/answers"), "{" + " ".repeat(2 << 20) + "}")
                        .status())
                .isEqualTo(413);
    }

    @Test
    void ofAnImageThatIsNotInTheQueueTheShardMustBeGivenAndHeldOutOnesHaveNoLabel() throws Exception {
        ShardAdded shard = unlabeled();
        // The last image was leaked: the teacher was not shown it.
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", LabelBench.random(1, IMAGES - 1)));
        bench.awaitRead(other);
        List<String> kept = images(bench.json(other, bench.path("label-queue")));
        kept.addAll(images(bench.json(other, bench.path("label-queue?strategy=entropy"))));
        kept.addAll(images(bench.awaitQueue(other, "?strategy=centres", 1)));
        int elsewhere = IntStream.range(0, IMAGES - 1)
                .filter(i -> !kept.contains(bench.digest(i)))
                .findFirst()
                .orElseThrow();
        assertThat(bench.answer(other, bench.classed(elsewhere, "owl")).status())
                .isEqualTo(404);
        assertThat(bench.answer(other, bench.classed(IMAGES - 1, "owl", shard)).status())
                .isEqualTo(404);
        assertThat(bench.labeled()).isEmpty();
        assertThat(bench.answer(other, bench.classed(elsewhere, "owl", shard)).texts("outcomes", "outcome"))
                .containsExactly("labeled");
        assertThat(bench.labeled()).isEqualTo(Map.of(bench.digest(elsewhere), List.of("owl")));
    }

    @Test
    void ofAnswersAtTwoGatewaysOneCountsAndBothAreToldWhich() throws Exception {
        tell();
        ShardAdded shard = unlabeled();
        bench.awaitRead(gateway);
        bench.awaitRead(other);
        ExecutorService clients = Executors.newFixedThreadPool(2);
        Future<UploadBench.Answer> here = clients.submit(() -> bench.answer(gateway, bench.classed(5, "owl", shard)));
        Future<UploadBench.Answer> there = clients.submit(() -> bench.answer(other, bench.classed(5, "robin", shard)));
        List<String> outcomes = new ArrayList<>(here.get().texts("outcomes", "outcome"));
        outcomes.addAll(there.get().texts("outcomes", "outcome"));
        clients.shutdown();
        assertThat(outcomes).containsExactlyInAnyOrder("labeled", "already-labeled");
        assertThat(here.get().texts("outcomes", "class")).isEqualTo(there.get().texts("outcomes", "class"));
        assertThat(bench.labeled()).isEqualTo(Map.of(bench.digest(5), here.get().texts("outcomes", "class")));
    }
}
