package dev.tutelage.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.ingest.ShardDelivery.Step;
import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.learning.data.ImageCheck;
import dev.tutelage.learning.data.TarStreamSource;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An ingest that is killed, stopped or kept waiting, on a real broker and a real store. */
@Timeout(120)
class IngestTest {
    private static final PackingLimits TENS = new PackingLimits(10, 1 << 20, Optional.empty());
    private static final PackingLimits SOON = new PackingLimits(10, 1 << 20, Optional.of(Duration.ofMillis(300)));
    private static final ShardDelivery.Listener NOBODY = (step, shard) -> {};
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path shared;

    private static IngestBench bench;

    @TempDir
    private Path directory;

    private StopSignal stop = new StopSignal();

    @BeforeAll
    static void start() throws Exception {
        bench = new IngestBench(shared.resolve("state"));
    }

    @AfterAll
    static void end() {
        bench.close();
    }

    /** What a test throws where a process would be gone. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** After that step of that shard, nothing gets any further on any thread. */
    private static final class KilledAt implements ShardDelivery.Listener {
        private final Step step;
        private final long shard;
        private volatile boolean killed;

        KilledAt(Step step, long shard) {
            this.step = step;
            this.shard = shard;
        }

        @Override
        public void reached(Step reached, SealedShard of) {
            killed |= reached == step && of.number() == shard;
            if (killed) {
                throw new Killed();
            }
        }
    }

    static Stream<Arguments> steps() {
        return Arrays.stream(Step.values()).flatMap(step -> Stream.of(0, 2).map(shard -> Arguments.of(step, shard)));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void killedAfterAnyStepItSaysEachImageOnce(Step step, int shard) throws Exception {
        String task = bench.declare("killed-" + step + "-" + shard);
        Path folder = directory.resolve("images");
        IngestBench.write(folder, 0, 25);
        assertThatExceptionOfType(Killed.class).isThrownBy(() -> ingest(task, folder, TENS, new KilledAt(step, shard)));
        // Packing is ahead of saying, so there may be less when packing is killed, and the last shard may get on.
        boolean said = step.compareTo(Step.SAID) >= 0;
        assertThat(bench.said(task).size()).isBetween(said ? shard + 1 : 0, said ? 3 : shard);

        IngestReport report = ingest(task, folder, TENS, NOBODY);
        assertThat(report.complete()).isTrue();
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 25));
        assertThat(bench.said(task)).extracting(ShardAdded::getImages).containsExactly(10, 10, 5);
        assertThat(report.finished()).isGreaterThanOrEqualTo(step == Step.SEALED || step == Step.STORED ? 1 : 0);
        try (Stream<Path> left = Files.list(directory.resolve("journal"))) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("journal.mv", "rejections.jsonl");
        }
        assertThat(ingest(task, folder, TENS, NOBODY).images()).isZero();
        assertThat(bench.said(task)).hasSize(3);
    }

    @Test
    void aSecondIngestOfTheSameSourceIsRefused() throws Exception {
        String task = bench.declare("twice");
        Path folder = Files.createDirectories(directory.resolve("images"));
        try (Journal first = journal(task)) {
            assertThat(first.pending()).isEmpty();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> ingest(task, folder, TENS, NOBODY))
                    .withMessageContaining("Another tutelage ingests this source");
        }
    }

    @Test
    void aWatchedFolderIsTakenAsItFills() throws Exception {
        String task = bench.declare("watched");
        Path folder = directory.resolve("images");
        IngestBench.write(folder, 0, 3);
        try (Background ingest = new Background(() -> follow(task, folder))) {
            awaitImages(task, IngestBench.names(0, 3));

            Path partial = directory.resolve("elsewhere");
            Files.write(partial, IngestBench.image(3));
            Files.move(partial, folder.resolve("003.png"), StandardCopyOption.ATOMIC_MOVE);
            byte[] slow = IngestBench.image(4);
            try (OutputStream out = Files.newOutputStream(folder.resolve("004.png"))) {
                out.write(slow, 0, slow.length / 2);
                out.flush();
                awaitImages(task, IngestBench.names(0, 4));
                out.write(slow, slow.length / 2, slow.length - slow.length / 2);
            }
            awaitImages(task, IngestBench.names(0, 5));

            stop.raise();
            IngestReport report = ingest.result();
            assertThat(report.images()).isEqualTo(5);
            assertThat(report.rejected())
                    .as("at most that the half file was looked at once it had settled")
                    .allMatch(kind -> kind.kind() == Rejection.Kind.IMAGE && kind.count() == 1);
        }
    }

    @Test
    void aStreamThatFallsSilentIsSaidAfterItsLinger() throws Exception {
        String task = bench.declare("linger");
        byte[] tar = IngestBench.tar(0, 13);
        // Twelve images, each a header and a block; the last may have a label yet.
        int most = 12 * 1024;
        try (PipedOutputStream out = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(out, 1 << 16)) {
            SampleSource source = new SampleSource(new TarStreamSource(in, "pipe", ""), "", "pipe");
            try (Background ingest = new Background(() -> ingest(task, journal -> source, SOON, NOBODY, false))) {
                out.write(tar, 0, most);
                out.flush();
                await().atMost(PATIENCE).until(() -> bench.said(task).size(), size -> size == 2);
                assertThat(bench.said(task)).extracting(ShardAdded::getImages).containsExactly(10, 1);
                out.write(tar, most, tar.length - most);
                closed(out);
                assertThat(ingest.result().images()).isEqualTo(13);
                assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 13));
            }
        }
    }

    /** Closing it again, as its block does, changes nothing. */
    private static void closed(PipedOutputStream out) throws IOException {
        out.close();
    }

    @Test
    void aStopSaysTheShardAtHandAndTheNextIngestGoesOn() throws Exception {
        String task = bench.declare("stopped");
        Path folder = directory.resolve("images");
        IngestBench.write(folder, 0, 25);
        ShardDelivery.Listener stopper = (step, shard) -> {
            if (step == Step.SAID) {
                stop.raise();
            }
        };
        PackingLimits limits = new PackingLimits(4, 1 << 20, Optional.empty());
        IngestReport report = ingest(task, journal -> tree(folder, journal, Optional.empty()), limits, stopper, false);
        assertThat(report.complete()).isFalse();
        assertThat(report.images()).isBetween(4L, 24L);
        assertThat(bench.images(task)).hasSize((int) report.images());
        stop = new StopSignal();
        assertThat(ingest(task, folder, TENS, NOBODY).images()).isEqualTo(25 - report.images());
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 25));
    }

    @Test
    void whatWasReadBeforeASourceFailsIsSaid() throws Exception {
        String task = bench.declare("failing");
        CandidateSource failing = sink -> {
            new SampleSource(new TarStreamSource(new ByteArrayInputStream(IngestBench.tar(0, 3)), "t", ""), "", "t")
                    .forEach(sink);
            throw new IOException("the cable was pulled");
        };
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ingest(task, journal -> failing, TENS, NOBODY, false))
                .withMessage("the cable was pulled");
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 3));
    }

    @Test
    void aTarThatIsInIsNotReadAgainAndOneOfTwoWritesIsReadOnce() throws Exception {
        String task = bench.declare("tars");
        Path folder = Files.createDirectories(directory.resolve("images"));
        Files.write(folder.resolve("a.tar"), IngestBench.tar(0, 7));
        Files.write(
                folder.resolve("b.tar"), IngestBench.tar(Map.of("x.png", IngestBench.image(50), "y.png", new byte[9])));
        IngestReport first = ingest(task, folder, TENS, NOBODY);
        assertThat(first.images()).isEqualTo(8);
        IngestReport second = ingest(task, folder, TENS, NOBODY);
        assertThat(second.images()).isZero();
        assertThat(second.alreadyIn()).as("of the tar that is flawed").isEqualTo(1);
        assertThat(second.rejected())
                .singleElement()
                .satisfies(kind -> assertThat(kind.first().get(0).file()).isEqualTo("b.tar!b/y"));
        assertThat(bench.images(task)).hasSize(8).contains("a/003.png", "b/x.png");
    }

    private interface Opening {
        CandidateSource open(Journal journal) throws IOException;
    }

    private interface Work {
        IngestReport run() throws Exception;
    }

    /** An ingest that goes on meanwhile. */
    private static final class Background implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final CompletableFuture<IngestReport> result = new CompletableFuture<>();

        Background(Work work) {
            thread.execute(() -> {
                try {
                    result.complete(work.run());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        }

        IngestReport result() throws Exception {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    private void awaitImages(String task, List<String> names) {
        await().atMost(PATIENCE).until(() -> bench.images(task), names::equals);
    }

    private IngestReport follow(String task, Path folder) throws Exception {
        FileTree.Following following = new FileTree.Following(Duration.ofMillis(700));
        return ingest(task, journal -> tree(folder, journal, Optional.of(following)), SOON, NOBODY, true);
    }

    private IngestReport ingest(String task, Path folder, PackingLimits limits, ShardDelivery.Listener listener)
            throws Exception {
        return ingest(task, journal -> tree(folder, journal, Optional.empty()), limits, listener, false);
    }

    private FileTree tree(Path folder, Journal journal, Optional<FileTree.Following> following) throws IOException {
        return new FileTree(folder, 1, following, journal, stop);
    }

    private Journal journal(String task) throws IOException {
        return Journal.open(directory.resolve("journal"), new Journal.Purpose(task, "images", false, "train"));
    }

    private IngestReport ingest(
            String task, Opening opening, PackingLimits limits, ShardDelivery.Listener listener, boolean following)
            throws Exception {
        try (Journal journal = journal(task);
                FactLog log = bench.log("ingest-" + journal.id());
                Rejections rejections = new Rejections(journal.directory().resolve("rejections.jsonl"))) {
            ShardDelivery delivery = new ShardDelivery(
                    ShardAdded.newBuilder()
                            .setTask(task)
                            .setSplit(Split.SPLIT_TRAIN)
                            .build(),
                    journal,
                    bench.store(),
                    log,
                    new SaidShards(bench.kafka()),
                    listener);
            Ingest.Settings settings =
                    new Ingest.Settings(limits, new Pace(OptionalDouble.empty(), System::nanoTime), following);
            Checking checking = new Checking(new ImageCheck(IngestBench.SHAPE, Optional.empty()), journal);
            CandidateSource source = opening.open(journal);
            try (Ingest ingest = new Ingest(settings, checking, delivery, rejections, stop)) {
                return ingest.run(source);
            } finally {
                if (source instanceof FileTree tree) {
                    tree.close();
                }
            }
        }
    }
}
