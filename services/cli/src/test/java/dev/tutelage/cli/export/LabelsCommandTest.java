package dev.tutelage.cli.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.verify.SoftLabelFile;
import dev.tutelage.control.softlabel.ParquetLabels;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as people give it, on a real broker and a real store. */
@Timeout(120)
class LabelsCommandTest {
    private static final String TEACHER = Sha256.of("teacher".getBytes(UTF_8));
    private static final String OWL = "owl, barn";
    /** To these logits belong the probabilities 0.2 and 0.8. */
    private static final float FOUR_TO_ONE = (float) Math.log(4);

    private static final double TOLERANCE = 1e-6;

    @TempDir
    private Path directory;

    @Test
    void softLabelsAreExportedInEachFormatAsTheyAreAskedFor() throws Exception {
        assertThat(labels("csv", "early.csv")).as("nothing runs").isEqualTo(1);
        try (Machine machine = Machine.start(LoneMachine.withoutServices(state()), status -> {})) {
            String shard = tell(machine);
            await().atMost(Duration.ofSeconds(10)).until(() -> labels("csv", "all.csv") == 0);
            List<String> lines = Files.readAllLines(directory.resolve("all.csv"));
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0)).isEqualTo("image,shard,teacher,class,confidence,p:wren,\"p:owl, barn\"");
            assertRow(lines.get(1), digest("a") + "," + shard + "," + TEACHER + ",\"" + OWL + "\",", 0.8, 0.2, 0.8);
            assertRow(lines.get(2), digest("b") + "," + shard + "," + TEACHER + ",wren,", 0.5, 0.5, 0.5);
            assertThat(labels("csv", "all.csv")).as("there is one already").isEqualTo(2);

            assertThat(labels("csv", "sure.csv", "--min-confidence", "0.7", "--teacher", TEACHER.substring(0, 5)))
                    .isZero();
            assertThat(Files.readAllLines(directory.resolve("sure.csv"))).hasSize(2);
            assertThat(labels("csv", "wrens.csv", "--class", "wren")).isZero();
            assertThat(Files.readAllLines(directory.resolve("wrens.csv"))).hasSize(2);
            assertThat(labels("csv", "none.csv", "--class", "eagle")).isEqualTo(2);
            assertThat(labels("csv", "none.csv", "--teacher", "0123")).isEqualTo(2);
            assertThat(labels("csv", "none.csv", "--min-confidence", "2")).isEqualTo(2);
            assertThat(directory.resolve("none.csv")).doesNotExist();

            assertThat(labels("parquet", "all.parquet")).isZero();
            assertThat(ParquetLabels.count(directory.resolve("all.parquet"))).isEqualTo(2);

            assertThat(labels("webdataset", "tars")).isZero();
            assertThat(directory.resolve("tars")).isDirectoryContaining("glob:**/" + shard + ".tar");
            Map<String, String> entries = entries(directory.resolve("tars").resolve(shard + ".tar"));
            assertThat(entries).containsOnlyKeys("1.png", "1.cls", "1.json", "2.png", "2.cls", "2.json");
            assertThat(entries)
                    .containsEntry("1.png", "a")
                    .containsEntry("1.cls", "1")
                    .containsEntry("2.cls", "0");
            JsonNode json = new ObjectMapper().readTree(entries.get("1.json"));
            assertThat(json.path("image").asText()).isEqualTo(digest("a"));
            assertThat(json.path("teacher").asText()).isEqualTo(TEACHER);
            assertThat(json.path("class").asText()).isEqualTo(OWL);
            assertThat(json.path("confidence").asDouble()).isCloseTo(0.8, within(TOLERANCE));
            assertThat(json.path("probabilities").get(0).asDouble()).isCloseTo(0.2, within(TOLERANCE));
        }
    }

    private static void assertRow(String line, String texts, double... numbers) {
        assertThat(line).startsWith(texts);
        String[] found = line.substring(texts.length()).split(",", -1);
        assertThat(found).hasSize(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            assertThat(Double.parseDouble(found[i])).isCloseTo(numbers[i], within(TOLERANCE));
        }
    }

    /** A shard of three images, of which the teacher has labeled two, in another order. */
    private static String tell(Machine machine) throws Exception {
        ArtifactStore store = machine.artifactStore();
        ShardAdded shard = ShardAdded.newBuilder()
                .setTask("birds")
                .setShard(store.put(tar("a", "b", "a"), "shard.tar"))
                .setImages(3)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
        String digest = shard.getShard().getDigest();
        byte[] file = new SoftLabelFile(TEACHER, digest, 2, List.of(digest("a"), digest("b")))
                .bytes(repeated(0, FOUR_TO_ONE, 1, 1));
        try (FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "labels-test", Clock.systemUTC())) {
            log.publish(List.of(
                    TaskDeclared.newBuilder()
                            .setTask("birds")
                            .addAllClasses(List.of("wren", OWL))
                            .build(),
                    CheckpointPublished.newBuilder()
                            .setTask("birds")
                            .setDigest(TEACHER)
                            .build(),
                    Promoted.newBuilder()
                            .setTask("birds")
                            .setRole(Role.ROLE_TEACHER)
                            .setCheckpoint(TEACHER)
                            .build(),
                    shard,
                    SoftLabelsAdded.newBuilder()
                            .setTask("birds")
                            .setShard(digest)
                            .setTeacher(TEACHER)
                            .setImages(2)
                            .setLogits(store.put(file, "soft-labels.safetensors"))
                            .build()));
        }
        return digest;
    }

    /** The logits of two images of two classes, the same in each view. */
    private static float[] repeated(float... logits) {
        float[] all = new float[logits.length * SoftLabelFile.VIEWS];
        for (int i = 0; i < all.length; i++) {
            int image = i / (2 * SoftLabelFile.VIEWS);
            all[i] = logits[2 * image + i % 2];
        }
        return all;
    }

    private static byte[] tar(String... images) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ShardWriter tar = new ShardWriter(out)) {
            for (int i = 0; i < images.length; i++) {
                tar.add(Integer.toString(i + 1), images[i].getBytes(UTF_8), OptionalInt.empty());
            }
        }
        return out.toByteArray();
    }

    private static Map<String, String> entries(Path file) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                found.put(entry.getName(), new String(tar.readAllBytes(), UTF_8));
            }
        }
        return found;
    }

    private static String digest(String image) {
        return Sha256.of(image.getBytes(UTF_8));
    }

    private int labels(String format, String output, String... more) {
        List<String> all = new ArrayList<>(List.of("labels", "birds", "--format", format));
        all.addAll(List.of("--output", directory.resolve(output).toString()));
        all.addAll(List.of("--state", state().toString()));
        all.addAll(List.of(more));
        return Tutelage.commandLine().execute(all.toArray(String[]::new));
    }

    private Path state() {
        return directory.resolve("state");
    }
}
