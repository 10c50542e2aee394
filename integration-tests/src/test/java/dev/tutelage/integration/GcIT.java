package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.gc.GcReport;
import dev.tutelage.cli.gc.Housekeeping;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Role;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Housekeeping as a process of its own beside everything, killed again and again in the middle. */
@Tag("faults")
class GcIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final int GARBAGE = 200;
    private static final int SHORTEST_MILLIS = 600;
    private static final int LONGEST_MILLIS = 4_000;
    private static final String GRACE = "20s";

    @Test
    void besideTheWholeLoopAndKilledMidwayItRemovesNothingThatIsNeeded(@TempDir Path directory) throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"));
        AtomicBoolean done = new AtomicBoolean();
        try (FaultBed bed = FaultBed.start(options);
                TinyTask task = new TinyTask("kept-clean", bed.machine());
                Watcher watcher = new Watcher("kept-clean", bed.machine())) {
            ArtifactStore store = bed.machine().artifactStore();
            List<Artifact> garbage = garbage(store);
            CompletableFuture<Integer> sweeping = CompletableFuture.supplyAsync(() -> sweep(options, done));
            task.begin();
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            await("all garbage is removed").atMost(PATIENCE).until(() -> garbage.stream()
                    .noneMatch(each -> isThere(store, each)));
            done.set(true);
            System.out.printf("GC ended by itself %d times%n", sweeping.get(1, TimeUnit.MINUTES));

            bed.assertClean(task);
            assertThat(watcher.promotions(Role.ROLE_STUDENT)).hasSize(1);
            assertNothingIsLeftToRemove(bed.machine());
            bed.assertClean(task);
        }
    }

    /** Runs it until it is enough, and kills every other one after a random time; returns how often it ended by itself. */
    private static int sweep(MachineOptions options, AtomicBoolean done) {
        Random random = new Random(1);
        int ended = 0;
        try {
            while (!done.get()) {
                Process gc = new ProcessBuilder(command(options))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                boolean kill = random.nextBoolean();
                if (!kill || gc.waitFor(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS), TimeUnit.MILLISECONDS)) {
                    assertThat(gc.waitFor()).isZero();
                    ended++;
                } else {
                    gc.destroyForcibly().onExit().join();
                }
                // Beside others, not in their place.
                await().pollDelay(PAUSE).until(() -> true);
            }
            return ended;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<String> command(MachineOptions options) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                options.classPath(),
                "dev.tutelage.cli.Tutelage",
                "gc",
                "--delete",
                "--grace",
                GRACE,
                "--state",
                options.state().toString());
    }

    private static List<Artifact> garbage(ArtifactStore store) {
        List<Artifact> garbage = new ArrayList<>();
        IntStream.range(0, GARBAGE)
                .mapToObj(number -> ("nobody needs " + number).getBytes(StandardCharsets.UTF_8))
                .forEach(bytes -> garbage.add(store.put(bytes, "garbage")));
        return garbage;
    }

    private static boolean isThere(ArtifactStore store, Artifact artifact) {
        return store.look(ArtifactStore.objectName(new Digest(artifact.getDigest())))
                .isPresent();
    }

    /** Once nothing works any more, whatever is not needed may go at once; after that there is no more of it. */
    private static void assertNothingIsLeftToRemove(Machine machine) throws Exception {
        Housekeeping later = new Housekeeping(
                machine.kafka(), machine.artifactStore(), Clock.offset(Clock.systemUTC(), Duration.ofDays(30)));
        GcReport first = later.run(new Housekeeping.Order(Optional.empty(), true, Duration.ofHours(1)));
        assertThat(first.errors()).isEmpty();
        GcReport second = later.run(new Housekeeping.Order(Optional.empty(), true, Duration.ofHours(1)));
        assertThat(second.errors()).isEmpty();
        assertThat(second.kinds().values()).allMatch(found -> found.removed() == 0);
    }
}
