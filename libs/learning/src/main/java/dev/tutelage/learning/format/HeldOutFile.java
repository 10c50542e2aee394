package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.HeldOutPredictions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A checkpoint's {@value Checkpoint#HELD_OUT}: of each of N held-out images {@code logits} F32 [N, classes], {@code labels}
 * I64 [N] and {@code image_digests} U8 [N, 32]; metadata {@code format_version}. Equal predictions give equal bytes.
 */
public final class HeldOutFile {
    private static final String FORMAT_VERSION = "1";
    private static final String VERSION = "format_version";
    private static final String LOGITS = "logits";
    private static final String LABELS = "labels";
    private static final String DIGESTS = "image_digests";

    private HeldOutFile() {}

    static void write(Path file, HeldOutPredictions heldOut) throws IOException {
        int images = heldOut.size();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put(LOGITS, manager.create(heldOut.logits(), new Shape(images, heldOut.classes())));
            tensors.put(
                    LABELS,
                    manager.create(LongStream.range(0, images)
                            .map(image -> heldOut.label((int) image))
                            .toArray()));
            tensors.put(DIGESTS, DigestTensor.of(manager, heldOut.imageDigests()));
            Safetensors.write(file, tensors, Map.of(VERSION, FORMAT_VERSION));
        }
    }

    /**
     * Reads a file.
     *
     * @throws CorruptFileException if it is torn, of another kind, or of a version that is not read
     */
    public static HeldOutPredictions read(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(file, manager);
            String version = contents.metadata().getOrDefault(VERSION, "none");
            if (!version.equals(FORMAT_VERSION)) {
                throw new IllegalArgumentException(
                        "its format version is " + version + ", this Tutelage reads " + FORMAT_VERSION);
            }
            NDArray logits = tensor(contents, LOGITS, DataType.FLOAT32, 2);
            NDArray labels = tensor(contents, LABELS, DataType.INT64, 1);
            NDArray digests = tensor(contents, DIGESTS, DataType.UINT8, 2);
            if (digests.getShape().get(1) != Sha256.BYTES) {
                throw new IllegalArgumentException("the tensor " + DIGESTS + " is " + digests.getShape());
            }
            return new HeldOutPredictions(
                    Math.toIntExact(logits.getShape().get(1)),
                    logits.toFloatArray(),
                    Arrays.stream(labels.toLongArray())
                            .mapToInt(Math::toIntExact)
                            .toArray(),
                    DigestTensor.read(digests));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptFileException(file, "holds no predictions that can be used: " + e.getMessage(), e);
        }
    }

    private static NDArray tensor(Safetensors.Contents contents, String name, DataType type, int dimensions) {
        return Optional.ofNullable(contents.tensors().get(name))
                .filter(tensor ->
                        tensor.getDataType() == type && tensor.getShape().dimension() == dimensions)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the tensor " + name + " of " + type + " and " + dimensions + " dimensions is missing"));
    }
}
