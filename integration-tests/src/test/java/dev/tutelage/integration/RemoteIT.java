package dev.tutelage.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.machine.LocalGateway;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a gateway: here that of the machine. */
class RemoteIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PAUSES = "Task both pauses: nothing is asked for until tutelage resume\n";

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

    /** A task, with what the commands do twice: here and by way of the gateway. */
    @Test
    void aCommandSaysTheSameWhetherItAsksTheBrokerOrTheGateway() throws Exception {
        Path state = directory.resolve("machine");
        MachineOptions options = MachineOptions.everything(Home.directory(), state)
                .withServices(List.of())
                .withGateway(OptionalInt.of(freePort()));
        try (Machine machine = Machine.start(options, status -> System.out.println(status.line()));
                TinyTask task = new TinyTask("both", machine);
                FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "remote-test", Clock.systemUTC())) {
            assertThat(LocalGateway.ofRunning(state).address().getPort())
                    .as("the port that was asked for")
                    .isEqualTo(options.gatewayPort().getAsInt());
            task.declare();
            log.publish(new RemoteFacts("both", machine.artifactStore()).all());
            await().atMost(PATIENCE)
                    .until(() -> there("labels", "both", "--format", "csv", "--output", file("0.csv"))
                                    .exit()
                            == 0);

            Path other = taskFile("quick");
            alike("declare", other.toString());
            Path changed = taskFile("simclrv2-cifar");
            assertThat(here("declare", changed.toString()).exit()).isEqualTo(1);
            assertThat(there("declare", changed.toString()).exit()).isEqualTo(1);
            alike("declare", changed.toString(), "--change");
            await().until(() -> run("tasks").out().contains("declared-here"));
            alike("declare", file("no-such.yaml"));

            alike("why", RemoteFacts.run("one"));
            alike("dead-letters", "list", "--task", "both");
            alike("dead-letters", "list", "--task", "both", "--all", "--json");
            alike("dead-letters", "show", "0");
            alike("dead-letters", "show", "0", "--json");
            alike("promote", "both", "teacher", "zz");
            alike("reject", "both", "teacher", RemoteFacts.digest("first"));
            alike("reject", "both", "student", RemoteFacts.digest("third"));
            assertThat(there("promote", "none", "teacher").exit()).isEqualTo(2);
            assertThat(there("why", "none").exit()).isEqualTo(1);
            assertThat(there("labels", "both", "--format", "csv", "--output", file("1.csv"), "--class", "owl")
                            .exit())
                    .isEqualTo(2);
            assertThat(Path.of(file("1.csv"))).doesNotExist();

            Printed labels = here("labels", "both", "--format", "csv", "--output", file("2.csv"));
            String said = "1 soft labels of task 'both' are in " + file("2.csv") + "\n";
            assertThat(labels.out()).as(labels.err()).endsWith(said);
            assertThat(Files.readString(Path.of(file("2.csv")))).isEqualTo(Files.readString(Path.of(file("0.csv"))));

            Printed parquet = there("labels", "both", "--format", "parquet", "--output", file("2.parquet"));
            assertThat(parquet).isEqualTo(new Printed(0, said.replace("2.csv", "2.parquet"), ""));

            String tars = said.replace("2.csv", "tars-there");
            assertThat(there("labels", "both", "--format", "webdataset", "--output", file("tars-there")))
                    .isEqualTo(new Printed(0, tars, ""));
            assertThat(here("labels", "both", "--format", "webdataset", "--output", file("tars-here"))
                            .exit())
                    .isZero();
            assertThat(contents("tars-there")).hasSize(1).isEqualTo(contents("tars-here"));
            assertThat(there("labels", "both", "--format", "webdataset", "--output", file("tars-there"))
                            .err())
                    .contains("already");

            // Each is done by the one, then by the other; what is said is the same but for the name.
            alike("one", "two", run -> List.of("cancel", RemoteFacts.run(run), "--reason", "late"));
            await().until(() -> here("why", RemoteFacts.run("one")).out().contains("wanted it to end"));
            alike("one", "two", run -> List.of("cancel", RemoteFacts.run(run)));
            alike("three", "four", run -> List.of("retry", RemoteFacts.run(run)));
            await().until(() -> here("why", RemoteFacts.run("three")).out().contains("state: requested"));
            alike("three", "four", run -> List.of("retry", RemoteFacts.run(run)));
            alike("first", "second", name -> List.of("reject", "both", "student", RemoteFacts.digest(name)));
            alike("first", "second", name -> List.of("reject", "both", "student", RemoteFacts.digest(name)));
            assertThat(there("pause", "both")).isEqualTo(new Printed(0, PAUSES, ""));
            await().until(() -> here("pause", "both").out().contains("is paused already"));
            assertThat(there("pause", "both").out()).isEqualTo("Task both is paused already\n");
            assertThat(there("resume", "both")).isEqualTo(new Printed(0, "Task both goes on\n", ""));
            await().until(() -> here("resume", "both").out().contains("is not paused"));
            assertThat(there("resume", "both").out()).isEqualTo("Task both is not paused\n");
            assertThat(there("promote", "both", "student", RemoteFacts.digest("third"))
                            .out())
                    .matches("The student of 'both' is \\w{12} \\(held-out top-1 63\\.00%\\) now; there was none\n");
            assertThat(here("promote", "both", "student", RemoteFacts.digest("first"))
                            .exit())
                    .isZero();
            assertThat(there("rollback", "both", "student").out())
                    .matches("The student of 'both' is \\w{12} \\(held-out top-1 63.00%\\) now; it was .*\n");

            Printed replayed = there("dead-letters", "replay", "0", "1");
            assertThat(replayed.out()).as(replayed.err()).endsWith("2 replayed, 0 not\n");
            alike("dead-letters", "replay", "0");
            alike("dead-letters", "replay", "--task", "both", "--all-open");
        }
    }

    private Path taskFile(String preset) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/tiny-task.yaml"))
                .replace("task: tiny", "task: declared-here")
                .replace("pretrain: {preset: quick,", "pretrain: {preset: " + preset + ",");
        return Files.writeString(directory.resolve(preset + ".yaml"), text);
    }

    private void alike(String... arguments) {
        await().untilAsserted(() -> assertThat(there(arguments)).isEqualTo(here(arguments)));
    }

    /** Does something with one by the broker and with another by the gateway. */
    private void alike(String one, String another, Function<String, List<String>> command) {
        Printed here = here(command.apply(one).toArray(String[]::new));
        await().untilAsserted(() -> {
            Printed there = there(command.apply(another).toArray(String[]::new));
            assertThat(new Printed(there.exit(), names(there.out(), another, one), names(there.err(), another, one)))
                    .isEqualTo(here);
        });
    }

    private static String names(String text, String from, String to) {
        return text.replace(RemoteFacts.run(from), RemoteFacts.run(to))
                .replace(
                        RemoteFacts.digest(from).substring(0, 12),
                        RemoteFacts.digest(to).substring(0, 12));
    }

    private Printed here(String... arguments) {
        return run(arguments);
    }

    private Printed there(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        try {
            LocalGateway gateway = LocalGateway.ofRunning(directory.resolve("machine"));
            all.addAll(List.of(
                    "--server",
                    gateway.address().toString(),
                    "--key",
                    gateway.key().orElseThrow()));
        } catch (MachineException e) {
            throw new AssertionError(e);
        }
        return run(all.toArray(String[]::new));
    }

    /** Digests of a directory's files, by their names. */
    private Map<String, String> contents(String folder) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(folder))) {
            for (Path each : files) {
                digests.put(each.getFileName().toString(), Sha256.of(Files.readAllBytes(each)));
            }
        }
        return digests;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
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
