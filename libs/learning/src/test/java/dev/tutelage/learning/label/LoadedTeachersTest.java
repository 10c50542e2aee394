package dev.tutelage.learning.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.program.UntrainedTeacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoadedTeachersTest {
    private static final long MUCH = 1L << 40;

    @TempDir
    static Path checkpoints;

    @TempDir
    Path folder;

    private final List<String> fetched = new ArrayList<>();
    private final ModelFiles.Source source = this::fetch;

    @BeforeAll
    static void write() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            UntrainedTeacher.main(
                    new String[] {checkpoints.resolve(name).toString(), "birds", "wren,robin", "1x28x28", "quick", "1"
                    });
        }
    }

    @Test
    void aTeacherIsFetchedAndLoadedOnce() throws IOException {
        LoadedTeachers teachers = teachers(MUCH, MUCH);
        try (LoadedTeachers.Held first = teachers.hold("a", source);
                LoadedTeachers.Held second = teachers.hold("a", source)) {
            assertThat(first.teacher()).isSameAs(second.teacher());
            assertWorks(first.teacher());
        }
        assertThat(fetched).containsExactly("a");
    }

    /** A new teacher takes over while the old one's requests go on. */
    @Test
    void whoeverHoldsAnotherTeacherDoesNotWaitForOneThatIsBeingFetched() throws Exception {
        LoadedTeachers teachers = teachers(MUCH, MUCH);
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        try (LoadedTeachers.Held old = teachers.hold("a", source)) {
            CompletableFuture<Void> next = CompletableFuture.runAsync(() -> {
                try (LoadedTeachers.Held held = teachers.hold("b", digest -> {
                    fetching.countDown();
                    await(arrived);
                    return fetch(digest);
                })) {
                    assertWorks(held.teacher());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            await(fetching);
            try (LoadedTeachers.Held again = teachers.hold("a", source)) {
                assertWorks(again.teacher());
            }
            assertWorks(old.teacher());
            arrived.countDown();
            next.get();
        }
    }

    @Test
    void theLongestUnusedTeacherIsUnloadedAndAHeldOneIsNot() throws IOException {
        LoadedTeachers teachers = teachers(1, MUCH);
        LoadedTeachers.Held a = teachers.hold("a", source);
        LoadedTeachers.Held b = teachers.hold("b", source);
        assertWorks(a.teacher());
        a.close();
        assertThatIllegalStateException().isThrownBy(() -> assertWorks(a.teacher()));
        assertWorks(b.teacher());
        b.close();
        assertWorks(b.teacher());
        try (LoadedTeachers.Held again = teachers.hold("a", source)) {
            assertWorks(again.teacher());
        }
        assertThat(fetched).as("from the disk").containsExactly("a", "b");
    }

    @Test
    void theLongestUnusedModelLeavesTheDisk() throws IOException {
        LoadedTeachers teachers = teachers(1, 1);
        for (String digest : List.of("a", "b")) {
            teachers.hold(digest, source).close();
        }
        assertThat(onDisk()).containsExactly("b");
        teachers.hold("a", source).close();
        assertThat(fetched).containsExactly("a", "b", "a");
    }

    @Test
    void modelsOnTheDiskOutliveTheProcess() throws IOException {
        teachers(MUCH, MUCH).hold("a", source).close();
        teachers(MUCH, MUCH).hold("a", source).close();
        assertThat(fetched).containsExactly("a");
    }

    @Test
    void aModelThatWasDamagedOnTheDiskIsFetchedAgain() throws IOException {
        teachers(MUCH, MUCH).hold("a", source).close();
        Files.writeString(folder.resolve("models/a").resolve(Checkpoint.ONNX), "torn");
        LoadedTeachers teachers = teachers(MUCH, MUCH);
        assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> teachers.hold("a", source));
        try (LoadedTeachers.Held mended = teachers.hold("a", source)) {
            assertWorks(mended.teacher());
        }
        assertThat(fetched).containsExactly("a", "a");
    }

    private LoadedTeachers teachers(long memory, long disk) {
        return new LoadedTeachers(
                new LoadedTeachers.Limits(memory, 1, 16, Duration.ofMillis(50), Duration.ZERO),
                new ModelFiles(folder.resolve("models"), disk),
                LoadedTeachers.Beside.REFERENCE,
                manifest -> (images, waiting, nanos) -> {});
    }

    private synchronized Path fetch(String digest) throws IOException {
        fetched.add(digest);
        Path copy = Files.createTempDirectory(folder, "fetched-");
        for (String name : List.of(Checkpoint.MANIFEST, Checkpoint.ONNX)) {
            Files.copy(checkpoints.resolve(digest).resolve(name), copy.resolve(name));
        }
        return copy;
    }

    private List<String> onDisk() throws IOException {
        try (Stream<Path> models = Files.list(folder.resolve("models"))) {
            return models.map(model -> model.getFileName().toString()).toList();
        }
    }

    private static void assertWorks(BatchedTeacher teacher) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertThat(teacher.urgent().logits(manager.zeros(new Shape(3, 1, 28, 28))))
                    .hasSize(3 * 2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
