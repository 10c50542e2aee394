package dev.tutelage.learning.label;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.data.ImageShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A teacher that many threads ask at once. The images that are asked about while it is busy make up its next batch,
 * whatever shard or request they are of, so that batches are full when there is much to do and nobody waits when there is
 * little. Where it is told to linger, images that come to an idle teacher wait that long for others.
 *
 * <p>Urgent images come first. Of the others a batch holds only as many as take a moment, so that an urgent one that comes
 * meanwhile waits for no longer than that.
 *
 * <p>Memory is bounded by those who ask: each waits for its answer.
 */
public final class BatchedTeacher implements AutoCloseable {
    private final Teacher teacher;
    private final int largestBatch;
    private final Duration moment;
    private final long lingerNanos;
    private final Observer observer;
    private final Deque<Question> urgent = new ArrayDeque<>();
    private final Deque<Question> patient = new ArrayDeque<>();
    private final Thread thread = new Thread(this::answerAll, "teacher");
    private FloatBuffer gathered = FloatBuffer.allocate(0);
    private double nanosPerImage;
    private boolean closed;

    /** Is told of each batch, on the teacher's thread. */
    public interface Observer {
        /**
         * A batch is done.
         *
         * @param images in it
         * @param waiting images that are asked about and in no batch yet
         * @param nanos that the model took
         */
        void labeled(int images, int waiting, long nanos);
    }

    /** Some images to be labeled, perhaps in several batches. */
    private static final class Question {
        private final FloatBuffer values;
        private final int images;
        private final float[] logits;
        private final float[] features;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final long since = System.nanoTime();
        private int asked;

        Question(FloatBuffer values, int images, int classes, int featureWidth) {
            this.values = values;
            this.images = images;
            this.logits = new float[Math.multiplyExact(images, classes)];
            this.features = new float[Math.multiplyExact(images, featureWidth)];
        }
    }

    /** Images {@code from} to {@code to}, exclusive, of a question. */
    private record Piece(Question question, int from, int to) {
        int images() {
            return to - from;
        }
    }

    /**
     * @param teacher to be asked by nobody else; closed with this
     * @param largestBatch images, 1 or more
     * @param moment that a batch of images which are not urgent may take
     */
    public BatchedTeacher(Teacher teacher, int largestBatch, Duration moment, Observer observer) {
        this(teacher, largestBatch, moment, Duration.ZERO, observer);
    }

    /**
     * One that lingers.
     *
     * @param teacher to be asked by nobody else; closed with this
     * @param largestBatch images, 1 or more
     * @param moment that a batch of images which are not urgent may take
     * @param linger how long images wait for others, at most, while they are fewer than the largest batch
     */
    public BatchedTeacher(Teacher teacher, int largestBatch, Duration moment, Duration linger, Observer observer) {
        if (largestBatch < 1) {
            throw new IllegalArgumentException(
                    "the largest batch is " + largestBatch + ": it takes at least one image");
        }
        this.teacher = teacher;
        this.largestBatch = largestBatch;
        this.moment = moment;
        this.lingerNanos = linger.toNanos();
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

    /** The teacher for one whose images wait for the urgent ones. */
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
        public Answer answer(NDArray batch) {
            return ask(questions, Teacher.values(batch, images()), (int)
                    batch.getShape().get(0));
        }
    }

    /**
     * What it says about images that are no tensor; they are urgent.
     *
     * @param values [count, C, H, W] in row-major order, in [0, 1]; not to be changed meanwhile
     */
    public Answer answer(FloatBuffer values, int count) {
        if (values.remaining() != Math.multiplyExact(count, images().size())) {
            throw new IllegalArgumentException(
                    count + " images of " + images() + " are not " + values.remaining() + " values");
        }
        return ask(urgent, values.slice(), count);
    }

    private Answer ask(Deque<Question> questions, FloatBuffer values, int count) {
        Question question = new Question(values, count, teacher.classes(), teacher.featureWidth());
        ask(questions, question);
        try {
            return question.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IllegalArgumentException known
                    ? known
                    : new IllegalStateException(
                            "the teacher failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private synchronized void ask(Deque<Question> questions, Question question) {
        if (closed) {
            throw new IllegalStateException("the teacher is closed");
        }
        questions.add(question);
        notifyAll();
    }

    private void answerAll() {
        try {
            for (List<Piece> batch = next(); !batch.isEmpty(); batch = next()) {
                answer(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            refuseTheRest();
            teacher.close();
        }
    }

    /** Waits for images. As many as one batch holds, of one urgency; none once this is closed. */
    private synchronized List<Piece> next() throws InterruptedException {
        while (!closed) {
            if (urgent.isEmpty() && patient.isEmpty()) {
                wait();
            } else if (nanosToLinger() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, nanosToLinger());
            } else {
                break;
            }
        }
        if (closed) {
            return List.of();
        }
        return urgent.isEmpty() ? take(patient, ofAMoment()) : take(urgent, largestBatch);
    }

    private long nanosToLinger() {
        if (lingerNanos == 0 || waiting() >= largestBatch) {
            return 0;
        }
        Question first = urgent.isEmpty() ? patient.element() : urgent.element();
        return first.since + lingerNanos - System.nanoTime();
    }

    private int ofAMoment() {
        double images = nanosPerImage == 0 ? 1 : moment.toNanos() / nanosPerImage;
        return Math.max(1, (int) Math.min(largestBatch, images));
    }

    private static List<Piece> take(Deque<Question> questions, int most) {
        List<Piece> batch = new ArrayList<>();
        for (int room = most; room > 0 && !questions.isEmpty(); ) {
            Question question = questions.peek();
            Piece piece = new Piece(question, question.asked, Math.min(question.images, question.asked + room));
            batch.add(piece);
            room -= piece.images();
            question.asked = piece.to();
            if (question.asked == question.images) {
                questions.remove();
            }
        }
        return batch;
    }

    private void answer(List<Piece> batch) {
        try {
            int images = batch.stream().mapToInt(Piece::images).sum();
            FloatBuffer values = gather(batch, images);
            long start = System.nanoTime();
            Answer answer = teacher.run(values, images);
            long nanos = System.nanoTime() - start;
            nanosPerImage = (double) nanos / images;
            observer.labeled(images, waiting(), nanos);
            handOut(answer, batch);
        } catch (RuntimeException e) {
            batch.forEach(piece -> fail(piece.question(), e));
        }
    }

    private FloatBuffer gather(List<Piece> batch, int images) {
        int size = Math.multiplyExact(images, images().size());
        if (gathered.capacity() < size) {
            // Direct, or ONNX Runtime would copy it once more.
            gathered = ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        gathered.clear();
        for (Piece piece : batch) {
            int first = piece.from() * images().size();
            gathered.put(piece.question().values.slice(first, piece.images() * images().size()));
        }
        return gathered.flip();
    }

    private void handOut(Answer answer, List<Piece> batch) {
        int classes = teacher.classes();
        int width = teacher.featureWidth();
        int image = 0;
        for (Piece piece : batch) {
            Question question = piece.question();
            int count = piece.images();
            copy(answer.logits(), image, question.logits, piece.from(), count, classes);
            copy(answer.features(), image, question.features, piece.from(), count, width);
            image += count;
            if (piece.to() == question.images) {
                question.answer.complete(new Answer(question.logits, question.features, width));
            }
        }
    }

    /** Copies rows. */
    private static void copy(float[] source, int from, float[] target, int to, int rows, int width) {
        System.arraycopy(source, from * width, target, to * width, rows * width);
    }

    private synchronized void fail(Question question, RuntimeException failure) {
        urgent.remove(question);
        patient.remove(question);
        question.answer.completeExceptionally(failure);
    }

    /** Images that are asked about and in no batch yet. */
    public synchronized int waiting() {
        return waiting(urgent) + waiting(patient);
    }

    private static int waiting(Deque<Question> questions) {
        return questions.stream()
                .mapToInt(question -> question.images - question.asked)
                .sum();
    }

    private synchronized void refuseTheRest() {
        closed = true;
        List<Question> rest = new ArrayList<>(urgent);
        rest.addAll(patient);
        rest.forEach(question -> fail(question, new IllegalStateException("the teacher was closed")));
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
