package dev.tutelage.learning.format;

import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Safetensors files as other programs write them, put together byte by byte. */
final class SafetensorsByHand {
    /** A tensor to be; of zeros if there is less data than its shape needs. */
    private record Tensor(String name, String dtype, List<Long> shape, ByteBuffer data) {
        private long bytes() {
            long size =
                    switch (dtype) {
                        case "F64", "I64" -> 8;
                        case "F32" -> 4;
                        default -> 2;
                    };
            return shape.stream().reduce(size, (a, b) -> a * b);
        }
    }

    private final List<Tensor> tensors = new ArrayList<>();

    /** Adds a tensor of zeros. */
    SafetensorsByHand zeros(String name, String dtype, Long... shape) {
        tensors.add(new Tensor(name, dtype, List.of(shape), ByteBuffer.allocate(0)));
        return this;
    }

    SafetensorsByHand with(String name, String dtype, float[] values, Long... shape) {
        tensors.add(new Tensor(name, dtype, List.of(shape), data(dtype, values)));
        return this;
    }

    /**
     * Adds random tensors of these names, with prefix, in eighths, which every type of number holds exactly; variances are
     * 1 or more.
     *
     * @return the values by name without prefix
     */
    Map<String, float[]> random(String prefix, String dtype, List<Parameter> parameters) {
        Map<String, float[]> all = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            float[] values = new Seed(9).of(parameter.name()).normals((int)
                    parameter.shape().size());
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.round(values[i] * 3) / 8f;
                values[i] = parameter.name().endsWith("running_var") ? 1 + Math.abs(values[i]) : values[i];
            }
            all.put(parameter.name(), values);
            Long[] shape = Arrays.stream(parameter.shape().getShape()).boxed().toArray(Long[]::new);
            with(prefix + parameter.name(), dtype, values, shape);
        }
        return all;
    }

    Path write(Path file) throws IOException {
        List<String> entries = new ArrayList<>();
        long offset = 0;
        for (Tensor tensor : tensors) {
            entries.add("\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                    .formatted(
                            tensor.name(),
                            tensor.dtype(),
                            tensor.shape().stream().map(Object::toString).collect(Collectors.joining(",")),
                            offset,
                            offset + tensor.bytes()));
            offset += tensor.bytes();
        }
        byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(8L + header.length + offset);
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            long begin = 8L + header.length;
            for (Tensor tensor : tensors) {
                out.seek(begin);
                out.write(tensor.data().array());
                begin += tensor.bytes();
            }
        }
        return file;
    }

    private static ByteBuffer data(String dtype, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (dtype) {
                case "F64" -> bytes.putDouble(value);
                case "BF16" -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
                case "F16" -> bytes.putShort(half(value));
                default -> bytes.putFloat(value);
            }
        }
        return ByteBuffer.wrap(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    /** Of a number that a half holds exactly: zero, or neither small nor large. */
    private static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int exponent = ((bits >>> 23) & 0xff) - 112;
        int mantissa = (bits >>> 13) & 0x3ff;
        return (short) (value == 0 ? sign : sign | (exponent << 10) | mantissa);
    }
}
