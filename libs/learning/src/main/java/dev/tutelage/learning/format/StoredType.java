package dev.tutelage.learning.format;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The types of tensors in safetensors files that are read. Those that Tutelage does not compute with become FLOAT32. */
enum StoredType {
    F32(Float.BYTES, DataType.FLOAT32),
    I64(Long.BYTES, DataType.INT64),
    U8(Byte.BYTES, DataType.UINT8),
    /** Double precision, as NumPy writes by default. */
    F64(Double.BYTES, DataType.FLOAT32) {
        @Override
        float widened(ByteBuffer bytes) {
            return (float) bytes.getDouble();
        }
    },
    /** Half precision (IEEE 754). */
    F16(Short.BYTES, DataType.FLOAT32) {
        @Override
        float widened(ByteBuffer bytes) {
            return ofHalf(bytes.getShort());
        }
    },
    /** The upper half of single precision. */
    BF16(Short.BYTES, DataType.FLOAT32) {
        @Override
        float widened(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
        }
    };

    private static final int HALF_MANTISSA = 10;
    private static final int HALF_EXPONENTS = 0x1f;
    /** The value of a subnormal half's last bit. */
    private static final float HALF_SUBNORMAL = 0x1p-24f;
    /** How much larger single precision's exponents are, and where they begin. */
    private static final int REBIASED = 127 - 15;

    private static final int MANTISSA = 23;

    private final int bytes;
    private final DataType loaded;

    StoredType(int bytes, DataType loaded) {
        this.bytes = bytes;
        this.loaded = loaded;
    }

    /** The type with this name in a file's header, if it is one that is read. */
    static Optional<StoredType> of(String dtype) {
        return Arrays.stream(values()).filter(type -> type.name().equals(dtype)).findFirst();
    }

    /** Bytes of one number in the file. */
    int bytes() {
        return bytes;
    }

    /** The type that a tensor has once it is read. */
    DataType loaded() {
        return loaded;
    }

    /** The bytes of the tensor as it is loaded, direct and little-endian. */
    ByteBuffer loaded(ByteBuffer stored) {
        if (bytes == loaded.getNumOfBytes()) {
            return stored;
        }
        int count = stored.remaining() / bytes;
        ByteBuffer widened = ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            widened.putFloat(widened(stored));
        }
        return widened.flip();
    }

    /** The next number. */
    float widened(ByteBuffer stored) {
        throw new IllegalStateException(name() + " is loaded as it is");
    }

    private static float ofHalf(short half) {
        int exponent = (half >> HALF_MANTISSA) & HALF_EXPONENTS;
        int mantissa = half & ((1 << HALF_MANTISSA) - 1);
        float magnitude;
        if (exponent == 0) {
            magnitude = mantissa * HALF_SUBNORMAL;
        } else {
            int rebiased = exponent == HALF_EXPONENTS ? 0xff : exponent + REBIASED;
            magnitude = Float.intBitsToFloat((rebiased << MANTISSA) | (mantissa << (MANTISSA - HALF_MANTISSA)));
        }
        return half < 0 ? -magnitude : magnitude;
    }
}
