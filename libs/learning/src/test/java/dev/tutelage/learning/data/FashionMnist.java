package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The repository's sample, read once: grey images of 28 x 28, labeled 0..9. */
public final class FashionMnist {
    private static final Path FOLDER = Path.of("..", "..", "samples", "fashion-mnist");

    private FashionMnist() {}

    /** All 12,000 training images; reading them takes seconds. */
    public static ImageSet train() {
        return Train.IMAGES;
    }

    /** All 2,000 test images. */
    public static ImageSet test() {
        return Test.IMAGES;
    }

    private static final class Train {
        private static final ImageSet IMAGES = read("train");
    }

    private static final class Test {
        private static final ImageSet IMAGES = read("test");
    }

    private static ImageSet read(String part) {
        try {
            int[] labels = Idx.labels(FOLDER.resolve(part + "-labels-idx1-ubyte.gz"));
            return Idx.images(FOLDER.resolve(part + "-images-idx3-ubyte.gz")).withLabels(labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
