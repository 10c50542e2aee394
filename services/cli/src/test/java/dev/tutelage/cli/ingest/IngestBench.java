package dev.tutelage.cli.ingest;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import picocli.CommandLine;

/** A real broker and a real store with a task, images to ingest into it, and eyes for what is said. */
final class IngestBench implements AutoCloseable {
    static final dev.tutelage.learning.data.ImageShape SHAPE = new dev.tutelage.learning.data.ImageShape(1, 8, 8);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path state;
    private final Machine machine;
    private final ArtifactStore store;
    private final FactReader reader;
    private final List<Message> facts = new ArrayList<>();

    /** What a command ended with. */
    record Ended(int status, String out, String err) {}

    IngestBench(Path state) throws Exception {
        this.state = state;
        this.machine = Machine.start(LoneMachine.withoutServices(state), status -> {});
        this.store = machine.artifactStore();
        Map<String, Object> impatient = new HashMap<>(machine.kafka());
        impatient.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        this.reader = new FactReader(impatient, List.of(Topic.SHARDS));
    }

    Path state() {
        return state;
    }

    Map<String, Object> kafka() {
        return machine.kafka();
    }

    ArtifactStore store() {
        return store;
    }

    /** A task of its own for a test. */
    String declare(String name) throws Exception {
        try (FactLog log = log("declare-" + name)) {
            new TaskRegistry(machine.kafka(), log)
                    .declare(TaskDeclared.newBuilder()
                            .setTask(name)
                            .addAllClasses(List.of("robin", "wren"))
                            .setImage(ImageShape.newBuilder()
                                    .setChannels(1)
                                    .setHeight(8)
                                    .setWidth(8))
                            .build());
        }
        return name;
    }

    FactLog log(String id) {
        return new FactLog(machine.kafka(), "/tutelage/test", id, Clock.systemUTC());
    }

    /** The image of that number; no two are the same. */
    static byte[] image(int number) {
        byte[] pixels = new byte[SHAPE.size()];
        for (int i = 0; i < Integer.BYTES; i++) {
            pixels[i] = (byte) (number >> (8 * i));
        }
        return ImageCodec.png(SHAPE, pixels);
    }

    static void write(Path folder, int from, int to) throws IOException {
        Files.createDirectories(folder);
        for (int i = from; i < to; i++) {
            Files.write(folder.resolve("%03d.png".formatted(i)), image(i));
        }
    }

    static byte[] tar(int from, int to) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        for (int i = from; i < to; i++) {
            entries.put("%03d.png".formatted(i), image(i));
        }
        return tar(entries);
    }

    static byte[] tar(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
                entry.setSize(each.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(each.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** What was said about a task, in the order of the log and as often as it was said. */
    synchronized List<ShardAdded> said(String task) {
        do {
            reader.poll(POLL).stream().map(Fact::payload).forEach(facts::add);
        } while (!reader.isCaughtUp());
        return facts.stream()
                .filter(ShardAdded.class::isInstance)
                .map(ShardAdded.class::cast)
                .filter(shard -> shard.getTask().equals(task))
                .toList();
    }

    /** The entries of a shard, by name. */
    Map<String, byte[]> entries(Artifact shard) throws IOException {
        Path file = Files.createTempFile(state, "fetched-", ".tar");
        try {
            store.fetch(shard, file);
            Map<String, byte[]> entries = new TreeMap<>();
            try (InputStream in = Files.newInputStream(file);
                    TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    entries.put(entry.getName(), tar.readAllBytes());
                }
            }
            return entries;
        } finally {
            Files.delete(file);
        }
    }

    /** The names of the images of all shards that were said, sorted; one that is in two shards comes twice. */
    List<String> images(String task) throws IOException {
        List<String> names = new ArrayList<>();
        for (ShardAdded shard : said(task)) {
            List<String> found = entries(shard.getShard()).keySet().stream()
                    .filter(name -> !name.endsWith(".cls"))
                    .toList();
            if (found.size() != shard.getImages()) {
                throw new AssertionError(shard + " holds " + found);
            }
            names.addAll(found);
        }
        names.sort(null);
        return names;
    }

    /** {@code 000.png} and on. */
    static List<String> names(int from, int to) {
        List<String> names = new ArrayList<>();
        for (int i = from; i < to; i++) {
            names.add("%03d.png".formatted(i));
        }
        return names;
    }

    /** Runs the command as a shell would. */
    Ended ingest(byte[] standardInput, String... arguments) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try (PrintStream saying = new PrintStream(said, true, StandardCharsets.UTF_8);
                PrintStream failing = new PrintStream(failed, true, StandardCharsets.UTF_8)) {
            System.setIn(new ByteArrayInputStream(standardInput));
            System.setOut(saying);
            System.setErr(failing);
            List<String> all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of("--state", state.toString()));
            int status = new CommandLine(new IngestCommand())
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .execute(all.toArray(String[]::new));
            return new Ended(status, said.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Override
    public void close() {
        reader.close();
        machine.close();
    }
}
