package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Brings a square matrix for each image to the device. A tensor made from a buffer would share the buffer's memory, which
 * the JVM frees late, so one buffer is kept and copied from.
 */
final class Matrices {

    private ByteBuffer staged = ByteBuffer.allocateDirect(0);

    /** [N, 1, size, size]. */
    NDArray of(NDManager scope, float[] values, int count, int size) {
        int bytes = values.length * Float.BYTES;
        if (staged.capacity() < bytes) {
            staged = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        ByteBuffer buffer = staged.duplicate().order(ByteOrder.nativeOrder()).limit(bytes);
        buffer.asFloatBuffer().put(values);
        try (NDArray shared = scope.create(buffer, new Shape(count, 1, size, size), DataType.FLOAT32)) {
            return shared.duplicate();
        }
    }
}
