package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench.Answer;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class UploadsKillIT {
    private static final int UPLOADS = 500;
    private static final int CLIENTS = 64;

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final UploadBench bench = new UploadBench(KAFKA, S3);

    @Test
    void imagesAreInOnceWhenTheGatewayIsKilledAndAllUploadsAreRepeated(@TempDir Path work) throws Exception {
        Map<String, String> settings = Map.of(
                "tutelage.gateway.upload.linger", "100ms",
                "tutelage.gateway.upload.shard-images", "16",
                "tutelage.work-dir", work.toString());
        try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, settings)) {
            String task = bench.declare(gateway);
            AtomicInteger answered = new AtomicInteger();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            List<Future<Optional<Answer>>> before = new ArrayList<>();
            for (int i = 0; i < UPLOADS; i++) {
                int number = i;
                before.add(clients.submit(() -> {
                    Optional<Answer> answer = tried(gateway, task, number);
                    answered.incrementAndGet();
                    return answer;
                }));
            }
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> answered.get() > UPLOADS / 4);
            gateway.kill();
            int acknowledged = 0;
            for (Future<Optional<Answer>> each : before) {
                acknowledged += each.get().isPresent() ? 1 : 0;
            }
            assertThat(acknowledged).isBetween(1, UPLOADS - 1);

            gateway.restart();
            List<Future<Answer>> after = new ArrayList<>();
            for (int i = 0; i < UPLOADS; i++) {
                int number = i;
                after.add(clients.submit(() -> post(gateway, task, number)));
            }
            for (int i = 0; i < UPLOADS; i++) {
                Answer again = after.get(i).get();
                assertThat(again.status()).as(again.body().toString()).isEqualTo(200);
                before.get(i).get().ifPresent(first -> assertThat(again).isEqualTo(first));
            }
            clients.shutdown();
            assertEachOnce(task);
            assertThat(spools(work)).hasSize(1);
        }
    }

    private void assertEachOnce(String task) throws IOException {
        List<String> digests = IntStream.range(0, UPLOADS)
                .mapToObj(number -> Sha256.of(TestImages.png(number)))
                .toList();
        assertThat(bench.images(task)).containsOnlyKeys(digests).allSatisfy((digest, times) -> assertThat(times)
                .isEqualTo(1));
        assertThat(bench.uploads(task))
                .extracting(UploadAccepted::getIdempotencyKey)
                .hasSize(UPLOADS)
                .doesNotHaveDuplicates();
    }

    /** What the killed one has left is removed by the next. */
    private static List<Path> spools(Path work) throws IOException {
        try (Stream<Path> found = Files.list(work.resolve("uploads"))) {
            return found.toList();
        }
    }

    private Optional<Answer> tried(GatewayProcess gateway, String task, int number) throws InterruptedException {
        try {
            return Optional.of(post(gateway, task, number)).filter(answer -> answer.status() == 200);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Answer post(GatewayProcess gateway, String task, int number) throws IOException, InterruptedException {
        return bench.post(
                gateway,
                "/api/tasks/" + task + "/images",
                "image/png",
                TestImages.png(number),
                "Idempotency-Key",
                "camera/" + number);
    }
}
