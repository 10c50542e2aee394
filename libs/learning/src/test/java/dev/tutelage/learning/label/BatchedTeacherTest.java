package dev.tutelage.learning.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatchedTeacherTest {
    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final int CLASSES = 3;
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Integer> batches = new CopyOnWriteArrayList<>();
    /** Holds the teacher up after its first batch until everybody has asked. */
    private final CountDownLatch everybodyHasAsked = new CountDownLatch(1);

    @BeforeAll
    static void write() throws IOException {
        Classifier classifier = Classifier.withoutHead(ResNet.basic(1, 4, List.of(1), Stem.CIFAR), CLASSES);
        try (Weights weights = Weights.initialize(classifier.parameters(), new Seed(4))) {
            weights.get("fc.weight").set(new Seed(5).normals(4 * CLASSES));
            Provenance provenance = new Provenance(
                    "t", Stage.FINE_TUNED, List.of("a", "b", "c"), SHAPE, "{}", Optional.empty(), "d", 1);
            Checkpoint.write(folder, new Architecture.Predicting(classifier), weights, provenance, Map.of());
        }
    }

    @AfterEach
    void end() {
        everybodyHasAsked.countDown();
        threads.shutdownNow();
    }

    @Test
    void everyoneGetsTheLogitsOfTheirOwnImagesWhateverBatchesTheyWereIn() throws Exception {
        int[] sizes = {1, 7, 3, 12, 5, 2, 9};
        try (Teacher alone = Teacher.ofCheckpoint(folder, 1);
                BatchedTeacher teacher = batched(10, LONG)) {
            List<Future<float[]>> answers = new ArrayList<>();
            for (int i = 0; i < sizes.length; i++) {
                answers.add(ask(i % 2 == 0 ? teacher.urgent() : teacher.patient(), values(i, sizes[i])));
            }
            everybodyHasAsked.countDown();
            for (int i = 0; i < sizes.length; i++) {
                float[] expected = labeled(alone, values(i, sizes[i]));
                assertThat(answers.get(i).get()).containsExactly(expected, within(1e-5f));
            }
        }
        assertThat(batches).allMatch(images -> images <= 10);
        assertThat(batches.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(Arrays.stream(sizes).sum());
    }

    @Test
    void everyoneGetsTheFeaturesOfTheirOwnImages() throws Exception {
        everybodyHasAsked.countDown();
        try (Teacher alone = Teacher.ofCheckpoint(folder, 1);
                BatchedTeacher teacher = batched(2, LONG);
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray batch = manager.create(values(3, 5), new Shape(5, 1, 8, 8));
            Answer expected = alone.answer(batch);
            Answer answer = teacher.urgent().answer(batch);
            for (int image = 0; image < 5; image++) {
                assertThat(answer.features(image)).hasSize(4).containsExactly(expected.features(image), within(1e-5f));
            }
        }
    }

    @Test
    void imagesOfManyWhoAskMakeOneBatch() throws Exception {
        try (BatchedTeacher teacher = batched(64, LONG)) {
            Future<float[]> first = ask(teacher.urgent(), values(0, 1));
            awaitBatches(1);
            List<Future<float[]>> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                others.add(ask(teacher.urgent(), values(i, 8)));
            }
            awaitWaiting(teacher, 64);
            everybodyHasAsked.countDown();
            first.get();
            for (Future<float[]> other : others) {
                other.get();
            }
        }
        assertThat(batches).containsExactly(1, 64);
    }

    /** Told by the batches: whose thread wakes up first after the answers is chance. */
    @Test
    void urgentImagesComeFirstThoughTheyAskedLast() throws Exception {
        try (BatchedTeacher teacher = batched(4, LONG)) {
            Future<float[]> first = ask(teacher.patient(), values(0, 1));
            awaitBatches(1);
            Future<float[]> patient = ask(teacher.patient(), values(1, 8));
            awaitWaiting(teacher, 8);
            Future<float[]> urgent = ask(teacher.urgent(), values(2, 3));
            awaitWaiting(teacher, 11);
            everybodyHasAsked.countDown();
            first.get();
            patient.get();
            urgent.get();
        }
        assertThat(batches).containsExactly(1, 3, 4, 4);
    }

    @Test
    void aBatchOfPatientImagesTakesAMoment() throws Exception {
        everybodyHasAsked.countDown();
        try (BatchedTeacher teacher = batched(64, Duration.ofNanos(1))) {
            assertThat(labeled(teacher.patient(), values(1, 5))).hasSize(5 * CLASSES);
            assertThat(labeled(teacher.urgent(), values(1, 5))).hasSize(5 * CLASSES);
        }
        assertThat(batches).containsExactly(1, 1, 1, 1, 1, 5);
    }

    /** A minute would be noticed: the batch does not wait for longer than until it is full. */
    @Test
    void aTeacherThatLingersWaitsUntilABatchIsFull() throws Exception {
        everybodyHasAsked.countDown();
        try (BatchedTeacher teacher = batched(8, LONG, LONG)) {
            List<Future<float[]>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(ask(teacher.urgent(), values(i, 1)));
            }
            for (Future<float[]> answer : answers) {
                answer.get();
            }
        }
        assertThat(batches).containsExactly(8);
    }

    @Test
    void aTeacherThatLingersAnswersALoneImageAfterAMoment() throws Exception {
        everybodyHasAsked.countDown();
        try (BatchedTeacher teacher = batched(8, LONG, Duration.ofMillis(20))) {
            long start = System.nanoTime();
            assertThat(labeled(teacher.urgent(), values(1, 1))).hasSize(CLASSES);
            assertThat(System.nanoTime() - start)
                    .isGreaterThan(Duration.ofMillis(20).toNanos());
        }
        assertThat(batches).containsExactly(1);
    }

    @Test
    void imagesThatAreNoTensorAreAnsweredAlike() {
        everybodyHasAsked.countDown();
        try (BatchedTeacher teacher = batched(4, LONG)) {
            float[] expected = labeled(teacher.urgent(), values(1, 3));
            assertThat(teacher.answer(FloatBuffer.wrap(values(1, 3)), 3).logits())
                    .containsExactly(expected, within(1e-5f));
            assertThatThrownBy(() -> teacher.answer(FloatBuffer.wrap(values(1, 3)), 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2 images of 1x8x8 are not 192 values");
        }
    }

    @Test
    void imagesOfAnotherShapeAreTheProblemOfWhoeverAsks() throws Exception {
        everybodyHasAsked.countDown();
        try (BatchedTeacher teacher = batched(4, LONG);
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertThatThrownBy(() -> teacher.urgent().logits(manager.zeros(new Shape(1, 1, 9, 9))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("images of");
            assertThat(labeled(teacher.urgent(), values(1, 1))).hasSize(CLASSES);
        }
    }

    @Test
    void whoAsksAClosedTeacherIsToldSo() {
        BatchedTeacher teacher = batched(4, LONG);
        teacher.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> labeled(teacher.urgent(), values(1, 1)))
                .withMessageContaining("closed");
    }

    private BatchedTeacher batched(int largestBatch, Duration moment) {
        return batched(largestBatch, moment, Duration.ZERO);
    }

    private BatchedTeacher batched(int largestBatch, Duration moment, Duration linger) {
        try {
            return new BatchedTeacher(
                    Teacher.ofCheckpoint(folder, 1), largestBatch, moment, linger, (images, waiting, nanos) -> {
                        batches.add(images);
                        awaitEverybody();
                    });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitEverybody() {
        try {
            everybodyHasAsked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Future<float[]> ask(LogitSource teacher, float[] values) {
        return threads.submit(() -> labeled(teacher, values));
    }

    private void awaitBatches(int number) {
        while (batches.size() < number) {
            Thread.onSpinWait();
        }
    }

    private static void awaitWaiting(BatchedTeacher teacher, int images) {
        while (teacher.waiting() < images) {
            Thread.onSpinWait();
        }
    }

    private static float[] labeled(LogitSource teacher, float[] values) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray batch = manager.create(
                    values, new Shape(values.length / SHAPE.size(), SHAPE.channels(), SHAPE.height(), SHAPE.width()));
            return teacher.logits(batch);
        }
    }

    private static float[] values(int seed, int images) {
        Random random = new Random(seed);
        float[] values = new float[images * SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
