package dev.tutelage.learning.program;

import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Training and test images as MNIST and its successors come.
 *
 * @param train labeled
 * @param test labeled
 * @param classes how many the labels name
 */
record IdxPair(ImageSet train, ImageSet test, int classes) {

    /** The four files of a directory, gzipped or not. */
    static IdxPair of(Path directory) throws IOException {
        return of(
                file(directory, "train-images-idx3-ubyte"),
                file(directory, "train-labels-idx1-ubyte"),
                file(directory, "test-images-idx3-ubyte"),
                file(directory, "test-labels-idx1-ubyte"));
    }

    /** From its four files. */
    static IdxPair of(Path trainImages, Path trainLabels, Path testImages, Path testLabels) throws IOException {
        ImageSet train = Idx.labeled(trainImages, trainLabels);
        ImageSet test = Idx.labeled(testImages, testLabels);
        int classes = IntStream.range(0, train.size())
                        .map(i -> train.label(i).orElseThrow())
                        .max()
                        .orElseThrow()
                + 1;
        return new IdxPair(train, test, classes);
    }

    /** The test files are also known by another name. */
    private static Path file(Path directory, String name) throws IOException {
        String[] names = {name, name.replace("test-", "t10k-")};
        for (String candidate : names) {
            for (String ending : new String[] {".gz", ""}) {
                if (Files.isRegularFile(directory.resolve(candidate + ending))) {
                    return directory.resolve(candidate + ending);
                }
            }
        }
        throw new IOException(directory + " has no file " + name + ", with or without .gz");
    }
}
