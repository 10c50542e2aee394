package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.LocalGateway;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.verify.SoftLabelVerifier;
import dev.tutelage.cli.verify.Verification;
import dev.tutelage.control.softlabel.SoftLabelFile;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From clients that do not give up to soft labels, while the gateway is killed again and again. */
@Tag("slow")
class KilledUploadsIT {
    private static final int UPLOADS = 500;
    private static final int AT_ONCE = 64;
    private static final List<Integer> KILLS = List.of(100, 300);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger cutOff = new AtomicInteger();

    @Test
    void everyAcknowledgedImageIsLabeledOnceThoughTheGatewayIsKilled(@TempDir Path directory) throws Exception {
        Path state = directory.resolve("machine");
        MachineOptions options = MachineOptions.everything(Home.directory(), state)
                .withServices(List.of("labeler"))
                .withGateway()
                .withEnvironment(
                        MachineOptions.GATEWAY,
                        Map.of(
                                "TUTELAGE_GATEWAY_UPLOAD_LINGER", "300ms",
                                "TUTELAGE_GATEWAY_UPLOAD_SHARD_IMAGES", "16"));
        try (Machine machine = Machine.start(options, status -> System.out.println(status.line()));
                TinyTask task = new TinyTask("hammered", machine);
                Watcher watcher = new Watcher("hammered", machine)) {
            task.declare();
            task.promoteRandomTeacher(1);
            upload(machine, LocalGateway.ofRunning(state));
            assertThat(cutOff.get())
                    .as("uploads that were under way when the gateway was killed")
                    .isPositive();

            Verification found = new SoftLabelVerifier(machine.kafka(), machine.artifactStore())
                    .verify(Optional.of(task.name()), PATIENCE);
            assertThat(found.findings()).isEmpty();
            assertThat(found.teachers()).singleElement().satisfies(report -> assertThat(report.labeled())
                    .isEqualTo(report.shards()));
            watcher.catchUp();
            List<String> sent = IntStream.range(0, UPLOADS)
                    .mapToObj(number -> Sha256.of(image(number)))
                    .toList();
            assertThat(labels(watcher.softLabels(), machine, directory))
                    .containsOnlyKeys(sent)
                    .allSatisfy((image, times) -> assertThat(times).isEqualTo(1));
            System.out.printf("KILLED %d uploads, %d kills, %d uploads cut off%n", UPLOADS, KILLS.size(), cutOff.get());
        }
    }

    private void upload(Machine machine, LocalGateway gateway) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> uploads = new ArrayList<>();
            for (int i = 0; i < UPLOADS; i++) {
                int number = i;
                uploads.add(clients.submit(() -> insist(gateway, number)));
            }
            for (int kill : KILLS) {
                await("uploads go on")
                        .pollInterval(Duration.ofMillis(2))
                        .atMost(PATIENCE)
                        .until(() -> acknowledged.get() >= kill);
                machine.kill(MachineOptions.GATEWAY);
            }
            for (Future<?> upload : uploads) {
                upload.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(acknowledged.get()).isEqualTo(UPLOADS);
    }

    private void insist(LocalGateway gateway, int number) {
        Awaitility.with()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .await("image " + number)
                .atMost(PATIENCE)
                .until(() -> isAcknowledged(gateway, number));
        acknowledged.incrementAndGet();
    }

    /** A gateway that has just started may not know the task yet, or not be there at all. */
    private boolean isAcknowledged(LocalGateway gateway, int number) throws InterruptedException {
        URI images = gateway.address().resolve("/api/tasks/hammered/images");
        HttpRequest request = HttpRequest.newBuilder(images)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + gateway.key().orElseThrow())
                .header("Content-Type", "image/png")
                .header("Idempotency-Key", "camera/" + number)
                .POST(HttpRequest.BodyPublishers.ofByteArray(image(number)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return true;
            }
            assertThat(answer.statusCode()).as(answer.body()).isIn(404, 503);
        } catch (ConnectException e) {
            // It has not started again yet.
        } catch (IOException e) {
            cutOff.incrementAndGet();
        }
        return false;
    }

    private static byte[] image(int number) {
        byte[] pixels = new byte[SHAPE.size()];
        new SplittableRandom(number).nextBytes(pixels);
        return ImageCodec.png(SHAPE, pixels);
    }

    /** How many soft labels each image has. */
    private static Map<String, Integer> labels(List<SoftLabelsAdded> added, Machine machine, Path directory)
            throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < added.size(); i++) {
            Path file = directory.resolve("soft-labels-" + i);
            machine.artifactStore().fetch(added.get(i).getLogits(), file);
            SoftLabelFile labels = SoftLabelFile.open(file);
            for (int image = 0; image < labels.size(); image++) {
                found.merge(labels.image(image), 1, Integer::sum);
            }
        }
        return found;
    }
}
