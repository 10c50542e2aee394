package dev.tutelage.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class LabelKillIT {
    private static final int IMAGES = 60;
    private static final int CLIENTS = 12;

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final LabelBench bench = new LabelBench(KAFKA, S3);

    @Test
    void anImageIsLabeledOnceThoughTheGatewayIsKilledBetweenAnswerAndAcknowledgement() throws Exception {
        ShardAdded shard = bench.shard(0, IMAGES, false, Split.SPLIT_TRAIN);
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", LabelBench.random(1, IMAGES)));
        Map<String, String> settings =
                Map.of("tutelage.gateway.upload.linger", "100ms", "tutelage.gateway.upload.shard-images", "4");
        try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, settings)) {
            bench.awaitQueue(gateway, "?limit=100", IMAGES);
            AtomicInteger ended = new AtomicInteger();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            List<Future<Boolean>> before = new ArrayList<>();
            for (int i = 0; i < IMAGES; i++) {
                int number = i;
                before.add(clients.submit(() -> {
                    boolean acknowledged = acknowledged(gateway, number);
                    ended.incrementAndGet();
                    return acknowledged;
                }));
            }
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ended.get() > IMAGES / 4);
            gateway.kill();
            List<Integer> inBefore = new ArrayList<>();
            for (int i = 0; i < IMAGES; i++) {
                if (before.get(i).get()) {
                    inBefore.add(i);
                }
            }
            clients.shutdown();
            assertThat(inBefore).hasSizeBetween(1, IMAGES - 1);
            Map<String, List<String>> saidBefore = bench.labeled();
            inBefore.forEach(i -> assertThat(saidBefore).containsEntry(bench.digest(i), List.of(label(i))));

            gateway.restart();
            for (int from = 0; from < IMAGES; from += 20) {
                List<String> answers = new ArrayList<>();
                for (int i = from; i < from + 20; i++) {
                    answers.add(bench.classed(i, label(i)));
                }
                UploadBench.Answer again = bench.answer(gateway, answers.toArray(String[]::new));
                assertThat(again.status()).as(again.body().toString()).isEqualTo(200);
                assertThat(again.texts("outcomes", "outcome")).isSubsetOf("labeled", "already-labeled");
                for (int i : inBefore) {
                    if (i >= from && i < from + 20) {
                        assertThat(again.texts("outcomes", "outcome").get(i - from))
                                .isEqualTo("already-labeled");
                    }
                }
            }
            Map<String, List<String>> said = bench.labeled();
            assertThat(said).hasSize(IMAGES);
            for (int i = 0; i < IMAGES; i++) {
                assertThat(said).containsEntry(bench.digest(i), List.of(label(i)));
            }
            gateway.kill();
            gateway.restart();
            bench.awaitRead(gateway);
            assertThat(bench.json(gateway, bench.path("label-queue"))
                            .path("left")
                            .asInt())
                    .isZero();
        }
    }

    private static String label(int number) {
        return LabelBench.CLASSES.get(number % LabelBench.CLASSES.size());
    }

    private boolean acknowledged(GatewayProcess gateway, int number) throws InterruptedException {
        try {
            UploadBench.Answer answer = bench.answer(gateway, bench.classed(number, label(number)));
            return answer.status() == 200 && answer.texts("outcomes", "outcome").equals(List.of("labeled"));
        } catch (IOException e) {
            return false;
        }
    }
}
