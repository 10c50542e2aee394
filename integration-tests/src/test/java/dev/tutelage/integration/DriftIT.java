package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftReference;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.DriftTestKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is as the teacher knows it, then is not, and then is again; and what can be watched of it. */
@Tag("slow")
class DriftIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int WINDOW = 300;
    /** Of the page: the names in the first column. The gateway's are looked at by its own tests. */
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(tutelage_(?!gateway_|bucket_)[a-z_]+)` ");

    private static final Pattern SERVED = Pattern.compile("(?m)^# TYPE (tutelage_[a-z_]+) ");

    @Test
    void invertedImagesAreReportedOnceAndTheMetricsTellOfTheStream(@TempDir Path directory) throws Exception {
        try (Machine machine = Machine.start(
                        MachineOptions.everything(Home.directory(), directory.resolve("machine")),
                        status -> System.out.println(status.line()));
                TinyTask task = TinyTask.ofDrift(machine);
                Watcher watcher = new Watcher("drift", machine)) {
            task.begin();
            watcher.await("a teacher's labels", PATIENCE, () -> labels(watcher) == 6);
            assertTheCheckpointHasAReference(watcher);

            add(task, images(600, 900, false));
            add(task, images(900, 1200, true));
            add(task, images(1200, 1500, false));
            watcher.await("labels of all", PATIENCE, () -> labels(watcher) == 15);
            watcher.await("drift", PATIENCE, () -> !watcher.drifts().isEmpty());
            assertTheInvertedWindowIsReported(watcher);
            assertDocumentedMetricsAreServed(machine);

            machine.kill("labeler");
            add(task, images(1500, 1800, false));
            watcher.await("labels after a restart", PATIENCE, () -> labels(watcher) == 18);
            add(task, images(1800, 2100, true));
            watcher.await("drift again", PATIENCE, () -> watcher.drifts().size() > 1);
            watcher.catchUp();
            assertThat(watcher.drifts())
                    .as("each window once")
                    .extracting(DriftDetected::getWindow)
                    .containsExactly(3L, 6L);
            assertThat(watcher.deadLetters()).isEmpty();
        }
    }

    private static void assertTheCheckpointHasAReference(Watcher watcher) {
        CheckpointPublished teacher = watcher.checkpoints(Stage.STAGE_FINE_TUNE).get(0);
        assertThat(teacher.getFilesList()).extracting(file -> file.getName()).contains("reference.safetensors");
        assertThat(teacher.getReference().getClassCountsList().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(TinyTask.HELD_OUT);
    }

    private static void assertTheInvertedWindowIsReported(Watcher watcher) {
        String teacher = watcher.promotions(Role.ROLE_TEACHER).get(0).getCheckpoint();
        assertThat(watcher.drifts()).singleElement().satisfies(drift -> {
            assertThat(drift.getTeacher()).isEqualTo(teacher);
            assertThat(drift.getWindow()).isEqualTo(3);
            assertThat(drift.getImages()).isEqualTo(WINDOW);
            assertThat(drift.getReference()).isEqualTo(DriftReference.DRIFT_REFERENCE_CHECKPOINT);
            assertThat(drift.getTestsList()).hasSize(3);
            assertThat(drift.getTestsList())
                    .filteredOn(DriftTest::getFired)
                    .extracting(DriftTest::getKind)
                    .contains(DriftTestKind.DRIFT_TEST_KIND_CLASS_PRIOR, DriftTestKind.DRIFT_TEST_KIND_FEATURES);
        });
    }

    private static int labels(Watcher watcher) {
        return (int) watcher.softLabels().stream()
                .map(SoftLabelsAdded::getShard)
                .distinct()
                .count();
    }

    private static void add(TinyTask task, ImageSet images) throws Exception {
        for (int from = 0; from < images.size(); from += TinyTask.SHARD_SIZE) {
            task.addShard(images.subset(
                    IntStream.range(from, from + TinyTask.SHARD_SIZE).toArray()));
        }
    }

    private static ImageSet images(int from, int to, boolean inverted) throws IOException {
        ImageSet some = TinyTask.train()
                .withoutLabels()
                .subset(IntStream.range(from, to).toArray());
        return inverted ? inverted(some) : some;
    }

    private static ImageSet inverted(ImageSet images) {
        ImageShape shape = images.shape();
        byte[] pixels = new byte[images.size() * shape.size()];
        List<String> keys = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            byte[] image = images.pixels(i).clone();
            for (int p = 0; p < image.length; p++) {
                image[p] = (byte) ~image[p];
            }
            System.arraycopy(image, 0, pixels, i * shape.size(), shape.size());
            keys.add("inverted-" + i);
            digests.add(Sha256.of(image));
        }
        return ImageSet.of(shape, keys, pixels, digests, Optional.empty());
    }

    /** The labeler serves all of them, every other service those of its requests and its process. */
    private static void assertDocumentedMetricsAreServed(Machine machine) throws IOException {
        Set<String> documented =
                names(DOCUMENTED, Files.readString(Home.directory().resolve("docs/metrics.md")));
        String served = served(machine, "labeler");
        assertThat(names(SERVED, served)).isEqualTo(documented);
        assertThat(served).containsPattern("tutelage_labeler_images_total\\{[^}]*task=\"drift\"[^}]*\\} 1500");
        await("nothing left to do").atMost(PATIENCE).untilAsserted(() -> assertThat(served(machine, "labeler"))
                .containsPattern("tutelage_requests_lag_records\\{[^}]*queue=\"requests\"[^}]*\\} 0\\.0"));
        assertThat(documented)
                .filteredOn(name -> !name.startsWith("tutelage_labeler_"))
                .isEqualTo(new ArrayList<>(names(SERVED, served(machine, "fine-tuner"))));
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        for (Matcher found = pattern.matcher(text); found.find(); ) {
            names.add(found.group(1));
        }
        return names;
    }

    private static String served(Machine machine, String service) throws IOException {
        int port = machine.statuses().stream()
                .filter(status -> status.name().equals(service))
                .mapToInt(ProcessStatus::port)
                .findFirst()
                .orElseThrow();
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics"))
                                    .header("Accept", "text/plain")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
