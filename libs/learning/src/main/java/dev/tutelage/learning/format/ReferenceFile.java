package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.evaluate.Profile;
import dev.tutelage.learning.evaluate.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint's {@value Checkpoint#REFERENCE}: {@code features} F32 [n, width] of images that it was trained on, and of
 * held-out images {@code confidence_histogram} I64 [10] and {@code class_counts} I64 [classes]; metadata {@code
 * format_version} and {@code held_out_distance}. Equal references give equal bytes.
 */
final class ReferenceFile {
    private static final String FORMAT_VERSION = "1";
    private static final String VERSION = "format_version";
    private static final String DISTANCE = "held_out_distance";
    private static final String FEATURES = "features";
    private static final String HISTOGRAM = "confidence_histogram";
    private static final String COUNTS = "class_counts";

    private ReferenceFile() {}

    static void write(Path file, Reference reference) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] features = reference.features();
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put(
                    FEATURES,
                    manager.create(features, new Shape(features.length / reference.width(), reference.width())));
            tensors.put(HISTOGRAM, manager.create(longs(reference.heldOut().confidenceHistogram())));
            tensors.put(COUNTS, manager.create(longs(reference.heldOut().classCounts())));
            Safetensors.write(
                    file,
                    tensors,
                    Map.of(VERSION, FORMAT_VERSION, DISTANCE, Double.toString(reference.heldOutDistance())));
        }
    }

    /** @throws CorruptFileException if it is torn, of another kind, or of a version that is not read */
    static Reference read(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(file, manager);
            String version = contents.metadata().getOrDefault(VERSION, "none");
            if (!version.equals(FORMAT_VERSION)) {
                throw new IllegalArgumentException(
                        "its format version is " + version + ", this Tutelage reads " + FORMAT_VERSION);
            }
            NDArray features = tensor(contents, FEATURES, DataType.FLOAT32, 2);
            Profile heldOut = new Profile(counts(contents, HISTOGRAM), counts(contents, COUNTS));
            double distance = Double.parseDouble(contents.metadata().getOrDefault(DISTANCE, "missing"));
            if (features.getShape().get(0) < 2 || features.getShape().get(1) < 1) {
                throw new IllegalArgumentException("the tensor " + FEATURES + " is " + features.getShape());
            }
            return new Reference(
                    features.toFloatArray(), (int) features.getShape().get(1), heldOut, distance);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, "holds no reference that can be used: " + e.getMessage(), e);
        }
    }

    private static List<Long> counts(Safetensors.Contents contents, String name) {
        return Arrays.stream(tensor(contents, name, DataType.INT64, 1).toLongArray())
                .boxed()
                .toList();
    }

    private static NDArray tensor(Safetensors.Contents contents, String name, DataType type, int dimensions) {
        return Optional.ofNullable(contents.tensors().get(name))
                .filter(tensor ->
                        tensor.getDataType() == type && tensor.getShape().dimension() == dimensions)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the tensor " + name + " of " + type + " and " + dimensions + " dimensions is missing"));
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
