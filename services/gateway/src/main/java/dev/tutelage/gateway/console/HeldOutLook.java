package dev.tutelage.gateway.console;

import dev.tutelage.learning.evaluate.HeldOutPredictions;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Safetensors;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Held-out predictions as they lie in a checkpoint's file, read without an engine of tensors. */
final class HeldOutLook {
    private static final int DIGEST = 32;

    private HeldOutLook() {}

    /**
     * Reads a file.
     *
     * @throws CorruptFileException if it holds no held-out predictions
     */
    static HeldOutPredictions read(Path file) throws IOException {
        Safetensors.Stored logits = tensor(file, "logits", "F32", 2);
        Safetensors.Stored labels = tensor(file, "labels", "I64", 1);
        Safetensors.Stored digests = tensor(file, "image_digests", "U8", 2);
        try {
            float[] values = new float[logits.bytes().remaining() / Float.BYTES];
            logits.bytes().asFloatBuffer().get(values);
            return new HeldOutPredictions(
                    Math.toIntExact(logits.shape().get(1)),
                    values,
                    numbers(labels.bytes().asLongBuffer()),
                    hex(digests));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptFileException(file, "holds no predictions that can be used: " + e.getMessage(), e);
        }
    }

    private static Safetensors.Stored tensor(Path file, String name, String type, int dimensions) throws IOException {
        return Safetensors.stored(file, name)
                .filter(stored -> stored.type().equals(type) && stored.shape().size() == dimensions)
                .orElseThrow(() -> new CorruptFileException(
                        file, "holds no held-out predictions: it has no tensor " + name + " of type " + type));
    }

    private static int[] numbers(LongBuffer longs) {
        int[] numbers = new int[longs.remaining()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Math.toIntExact(longs.get(i));
        }
        return numbers;
    }

    private static List<String> hex(Safetensors.Stored stored) {
        List<String> digests = new ArrayList<>();
        byte[] digest = new byte[DIGEST];
        for (int at = 0; at + DIGEST <= stored.bytes().limit(); at += DIGEST) {
            stored.bytes().get(at, digest);
            digests.add(HexFormat.of().formatHex(digest));
        }
        return digests;
    }
}
