package dev.tutelage.learning.label;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.data.ImageShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A teacher that many threads ask at once. What is asked while it is busy makes up its next batch, whatever shard or
 * request it is of, so that batches are full when there is much to do and nobody waits when there is little. Urgent
 * questions come first.
 *
 * <p>Memory is bounded by those who ask: each waits for its answer.
 */
public final class BatchedTeacher implements AutoCloseable {
    private final Teacher teacher;
    private final int largestBatch;
    private final Observer observer;
    private final Deque<Question> urgent = new ArrayDeque<>();
    private final Deque<Question> patient = new ArrayDeque<>();
    private final Thread thread = new Thread(this::answer, "teacher");
    private FloatBuffer gathered = FloatBuffer.allocate(0);
    private boolean closed;

    /** Is told of each batch, on the teacher's thread. */
    public interface Observer {
        /**
         * A batch is done.
         *
         * @param images in it
         * @param waiting images that are asked about and not answered yet
         * @param nanos that the model took
         */
        void labeled(int images, int waiting, long nanos);
    }

    private record Question(FloatBuffer values, int images, CompletableFuture<float[]> answer) {}

    /**
     * @param teacher to be asked by nobody else; closed with this
     * @param largestBatch images, 1 or more; what is asked in one piece is never divided
     */
    public BatchedTeacher(Teacher teacher, int largestBatch, Observer observer) {
        if (largestBatch < 1) {
            throw new IllegalArgumentException(
                    "the largest batch is " + largestBatch + ": it takes at least one image");
        }
        this.teacher = teacher;
        this.largestBatch = largestBatch;
        this.observer = observer;
        thread.setDaemon(true);
        thread.start();
    }

    /** The shape of the images it labels. */
    public ImageShape images() {
        return teacher.images();
    }

    /** The teacher for one who asks, on any number of threads. */
    public LogitSource urgent() {
        return new Line(urgent);
    }

    /** The teacher for one who asks only where nothing urgent is asked. */
    public LogitSource patient() {
        return new Line(patient);
    }

    private final class Line implements LogitSource {
        private final Deque<Question> questions;

        Line(Deque<Question> questions) {
            this.questions = questions;
        }

        @Override
        public ImageShape images() {
            return teacher.images();
        }

        @Override
        public int classes() {
            return teacher.classes();
        }

        @Override
        public float[] logits(NDArray batch) {
            FloatBuffer values = Teacher.values(batch, images());
            Question question = new Question(values, (int) batch.getShape().get(0), new CompletableFuture<>());
            ask(questions, question);
            try {
                return question.answer().join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof IllegalArgumentException known
                        ? known
                        : new IllegalStateException(
                                "the teacher failed: " + e.getCause().getMessage(), e.getCause());
            }
        }
    }

    private synchronized void ask(Deque<Question> questions, Question question) {
        if (closed) {
            throw new IllegalStateException("the teacher is closed");
        }
        questions.add(question);
        notifyAll();
    }

    private void answer() {
        try {
            for (List<Question> batch = next(); !batch.isEmpty(); batch = next()) {
                answer(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            refuseTheRest();
            teacher.close();
        }
    }

    /** Waits for questions. As many as one batch holds, of one kind; none once this is closed. */
    private synchronized List<Question> next() throws InterruptedException {
        while (urgent.isEmpty() && patient.isEmpty() && !closed) {
            wait();
        }
        Deque<Question> questions = urgent.isEmpty() ? patient : urgent;
        List<Question> batch = new ArrayList<>();
        int images = 0;
        while (!questions.isEmpty()
                && !closed
                && (batch.isEmpty() || images + questions.peek().images() <= largestBatch)) {
            images += questions.peek().images();
            batch.add(questions.remove());
        }
        return batch;
    }

    private void answer(List<Question> batch) {
        try {
            int images = batch.stream().mapToInt(Question::images).sum();
            FloatBuffer values = batch.size() == 1 ? batch.get(0).values() : gather(batch, images);
            long start = System.nanoTime();
            float[] logits = teacher.run(values, images);
            observer.labeled(images, waiting(), System.nanoTime() - start);
            int from = 0;
            for (Question question : batch) {
                int to = from + question.images() * teacher.classes();
                question.answer().complete(Arrays.copyOfRange(logits, from, to));
                from = to;
            }
        } catch (RuntimeException e) {
            batch.forEach(question -> question.answer().completeExceptionally(e));
        }
    }

    private FloatBuffer gather(List<Question> batch, int images) {
        int size = Math.multiplyExact(images, images().size());
        if (gathered.capacity() < size) {
            // Direct, or ONNX Runtime would copy it once more.
            gathered = ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        gathered.clear();
        batch.forEach(question -> gathered.put(question.values().duplicate()));
        return gathered.flip();
    }

    private synchronized int waiting() {
        return urgent.stream().mapToInt(Question::images).sum()
                + patient.stream().mapToInt(Question::images).sum();
    }

    private synchronized void refuseTheRest() {
        closed = true;
        urgent.addAll(patient);
        patient.clear();
        urgent.forEach(question ->
                question.answer().completeExceptionally(new IllegalStateException("the teacher was closed")));
        urgent.clear();
    }

    /** Ends after the batch at hand; what is asked and not answered is refused. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }
}
