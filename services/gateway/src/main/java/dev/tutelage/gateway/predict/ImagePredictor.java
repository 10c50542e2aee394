package dev.tutelage.gateway.predict;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says what an encoded image shows. It is decoded and brought to its task's shape as images that are learned from are. */
@ApplicationScoped
public class ImagePredictor {
    private final Students students;
    private final PredictMetrics metrics;

    public ImagePredictor(Students students, PredictMetrics metrics) {
        this.students = students;
        this.metrics = metrics;
    }

    /**
     * Asks the student.
     *
     * @param version how the digest of the checkpoint begins that is to say it; empty: the student
     * @throws PredictionRefusedException if there is no such model, or the bytes are no image that the task can use
     */
    Prediction predict(String task, Optional<String> version, byte[] encoded) {
        long start = System.nanoTime();
        try (Student student = students.hold(task, version)) {
            float[] logits = student.logits(ImageValues.of(encoded, student.images()), 1);
            List<Prediction.LikelyClass> classes = likeliestFirst(student.classes(), logits);
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            metrics.answered(task, taken);
            return new Prediction(task, student.digest(), classes, taken.toNanos() / 1e6);
        }
    }

    private static List<Prediction.LikelyClass> likeliestFirst(List<String> names, float[] logits) {
        double[] probabilities = Probabilities.of(logits, names.size());
        List<Prediction.LikelyClass> classes = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            classes.add(new Prediction.LikelyClass(names.get(c), probabilities[c]));
        }
        classes.sort(
                Comparator.comparingDouble(Prediction.LikelyClass::probability).reversed());
        return classes;
    }
}
