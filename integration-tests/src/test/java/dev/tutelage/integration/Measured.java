package dev.tutelage.integration;

import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.label.Teacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** What a published model is worth, measured without the code that trained it: its ONNX file on ONNX Runtime. */
final class Measured {

    private Measured() {}

    /** Top-1 accuracy in percent. */
    static double top1(Path checkpoint, ImageSet images) throws IOException {
        try (Teacher model = Teacher.ofCheckpoint(checkpoint, 1);
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] logits = model.logits(
                    images.batch(manager, IntStream.range(0, images.size()).toArray()));
            long correct = IntStream.range(0, images.size())
                    .filter(image -> likeliest(logits, image, model.classes())
                            == images.label(image).orElseThrow())
                    .count();
            return 100.0 * correct / images.size();
        }
    }

    private static int likeliest(float[] logits, int image, int classes) {
        return IntStream.range(0, classes)
                .reduce((a, b) -> logits[image * classes + a] >= logits[image * classes + b] ? a : b)
                .orElseThrow();
    }
}
