package dev.tutelage.learning.label;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long a classifier's ONNX model takes for one image on one core of this machine, with ONNX Runtime. */
public final class Latency {
    private static final int WARM_UP = 5;
    private static final int MOST = 41;
    /** A large model is not asked as often: it takes long enough to be measured. */
    private static final long ENOUGH_NANOS = Duration.ofSeconds(2).toNanos();

    private Latency() {}

    /**
     * The median of a few dozen predictions, in milliseconds. A measurement: no two are alike.
     *
     * @param directory of a classifier's checkpoint, at least its manifest and model
     * @throws dev.tutelage.learning.format.CorruptFileException if the checkpoint is damaged or no classifier's
     */
    public static double medianMillis(Path directory) throws IOException {
        try (Teacher teacher = Teacher.ofCheckpoint(directory, 1)) {
            for (int i = 0; i < WARM_UP; i++) {
                nanos(teacher);
            }
            List<Long> nanos = new ArrayList<>();
            long total = 0;
            while (nanos.isEmpty() || (nanos.size() < MOST && total < ENOUGH_NANOS)) {
                long taken = nanos(teacher);
                nanos.add(taken);
                total += taken;
            }
            Collections.sort(nanos);
            return nanos.get(nanos.size() / 2) / 1e6;
        }
    }

    private static long nanos(Teacher teacher) {
        FloatBuffer image = FloatBuffer.allocate(teacher.images().size());
        long start = System.nanoTime();
        int logits = teacher.run(image, 1).logits().length;
        long taken = System.nanoTime() - start;
        if (logits != teacher.classes()) {
            throw new IllegalStateException("the model gives " + logits + " logits for one image");
        }
        return taken;
    }
}
