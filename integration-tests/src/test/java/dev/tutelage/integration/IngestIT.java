package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.ingest.IngestCommand;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real ingest process that is killed on the way, again and again. */
class IngestIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int IMAGES = 600;
    private static final int KILLS = 3;

    @TempDir
    private Path directory;

    @Test
    void killedOnTheWayItBringsEachImageInOnce() throws Exception {
        Path folder = images();
        Files.writeString(folder.resolve("torn.png"), "no image at all");
        Path state = directory.resolve("machine");
        try (Machine machine = Machine.start(withoutServices(state), status -> System.out.println(status.line()));
                TinyTask task = new TinyTask("ingested", machine);
                Watcher watcher = new Watcher("ingested", machine)) {
            task.declare();
            for (int kill = 1; kill <= KILLS; kill++) {
                int enough = kill * 100;
                Process process = ingest(state, folder);
                watcher.await(enough + " images", PATIENCE, () -> images(watcher) >= enough);
                process.destroyForcibly().waitFor();
            }
            Process stopped = ingest(state, folder);
            watcher.await("some more images", PATIENCE, () -> images(watcher) >= KILLS * 100 + 100);
            stopped.destroy();
            assertThat(stopped.waitFor()).as("SIGTERM").isEqualTo(143);
            assertThat(said()).contains("Stopped before the end of the source", "Journal: ");
            Process last = ingest(state, folder);
            assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(last.exitValue()).isEqualTo(IngestCommand.SOME_UNUSABLE);
            assertThat(said()).contains("torn.png is neither PNG, JPEG nor WebP");

            watcher.catchUp();
            List<String> names = new ArrayList<>();
            for (ShardAdded shard : watcher.shards()) {
                names.addAll(names(machine, shard));
            }
            assertThat(names).hasSize(IMAGES).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(names)).first().isEqualTo("000.png");
        }
    }

    /** Nothing trains here. */
    private static MachineOptions withoutServices(Path state) {
        MachineOptions all = MachineOptions.everything(Home.directory(), state);
        return new MachineOptions(
                all.home(), all.state(), List.of(), all.kafkaPort(), all.storePort(), all.allocator(), all.classPath());
    }

    /** The command line as it is started: a process of its own. */
    private Process ingest(Path state, Path folder) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Tutelage.class.getName(),
                "ingest",
                folder.toString(),
                "--task",
                "ingested",
                "--state",
                state.toString(),
                "--shard-images",
                "20",
                "--rate",
                "200/s");
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        return builder.start();
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("said"));
    }

    private static int images(Watcher watcher) {
        return watcher.shards().stream().mapToInt(ShardAdded::getImages).sum();
    }

    private Path images() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("images"));
        ImageSet train = TinyTask.train();
        for (int i = 0; i < IMAGES; i++) {
            Files.write(folder.resolve("%03d.png".formatted(i)), ImageCodec.png(train.shape(), train.pixels(i)));
        }
        return folder;
    }

    private List<String> names(Machine machine, ShardAdded shard) throws Exception {
        Path file = directory.resolve("shard.tar");
        machine.artifactStore().fetch(shard.getShard(), file);
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }
}
