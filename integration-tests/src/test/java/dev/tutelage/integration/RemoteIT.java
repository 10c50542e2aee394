package dev.tutelage.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a gateway: here that of the machine. */
class RemoteIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    @TempDir
    private Path directory;

    /** What a command printed. */
    private record Printed(int exit, String out, String err) {}

    @Test
    void imagesAreSentAndWhatBecameOfThemIsTold() throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withServices(List.of())
                .withGateway();
        assertThat(run("tasks").exit()).as("nothing runs").isEqualTo(1);
        try (Machine machine = Machine.start(options, status -> System.out.println(status.line()));
                TinyTask task = new TinyTask("sent", machine)) {
            task.declare();
            await().atMost(PATIENCE).until(() -> run("tasks").out().contains("sent"));
            assertThat(run("shards", "sent")).isEqualTo(new Printed(0, "There are none\n", ""));

            Path zip = zip();
            Printed sent = run("upload", "sent", zip.toString());
            assertThat(sent.exit()).as(sent.err()).isZero();
            assertThat(sent.out()).contains("2 images are in, 1 cannot be used").contains("bad.png");
            assertThat(run("upload", "sent", zip.toString())).as("again").isEqualTo(sent);

            JsonNode shards =
                    new ObjectMapper().readTree(run("shards", "sent", "--json").out());
            assertThat(shards).hasSize(1);
            assertThat(shards.get(0).path("images").asInt()).isEqualTo(2);
            String digest = shards.get(0).at("/shard/digest").asText();
            assertThat(run("shards", "sent").out().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith(digest.substring(0, 12)));

            assertThat(run("tasks").out().lines())
                    .as("name, paused, unlabeled, labels, held out")
                    .anyMatch(line -> line.matches("sent +false +2 +0 +0 .*"));

            Printed wrong = run("shards", "snet");
            assertThat(wrong.exit()).isEqualTo(1);
            assertThat(wrong.err()).contains("404").contains("sent");
            assertThat(run("predict", "sent", zip.toString()).exit())
                    .as("there is no student")
                    .isEqualTo(1);
            Printed nobody = run("tasks", "--server", "http://127.0.0.1:1");
            assertThat(nobody.exit()).isEqualTo(1);
            assertThat(nobody.err()).contains("does not answer").contains("--server");
        }
    }

    private Path zip() throws Exception {
        Path zip = directory.resolve("images.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 0; i < 2; i++) {
                byte[] pixels = new byte[SHAPE.size()];
                new SplittableRandom(i).nextBytes(pixels);
                out.putNextEntry(new ZipEntry(i + ".png"));
                out.write(ImageCodec.png(SHAPE, pixels));
            }
            out.putNextEntry(new ZipEntry("bad.png"));
            out.write("no image".getBytes(UTF_8));
        }
        return zip;
    }

    private Printed run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", directory.resolve("machine").toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.out;
        PrintStream errorsBefore = System.err;
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            int exit = Tutelage.commandLine().execute(all.toArray(String[]::new));
            return new Printed(exit, out.toString(UTF_8), err.toString(UTF_8));
        } finally {
            System.setOut(before);
            System.setErr(errorsBefore);
        }
    }
}
