package dev.tutelage.gateway.predict;

import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.UnusableImageException;
import jakarta.ws.rs.core.Response.StatusType;
import java.nio.FloatBuffer;

/** Images as models take them: brought to their task's shape as images that are learned from are, in [0, 1]. */
public final class ImageValues {
    private static final float WHITE = 255;

    private ImageValues() {}

    /**
     * An encoded image.
     *
     * @return [C, H, W] in row-major order
     * @throws PredictionRefusedException if the bytes are no image that the task can use
     */
    public static FloatBuffer of(byte[] encoded, ImageShape shape) {
        try {
            byte[] pixels = ImageCodec.decode(encoded, shape);
            FloatBuffer values = FloatBuffer.allocate(pixels.length);
            put(pixels, values);
            return values.flip();
        } catch (UnusableImageException e) {
            throw new PredictionRefusedException(
                    Unprocessable.CONTENT,
                    "Not an image that the task can use",
                    "The image " + e.getMessage() + ". Send a PNG, JPEG or WebP of any size with " + shape.channels()
                            + (shape.channels() == 1 ? " channel" : " channels"));
        }
    }

    /** Adds the values of pixels. */
    public static void put(byte[] pixels, FloatBuffer values) {
        for (byte pixel : pixels) {
            values.put((pixel & 0xff) / WHITE);
        }
    }

    /** A status that JAX-RS has no name for. */
    private enum Unprocessable implements StatusType {
        CONTENT;

        private static final int CODE = 422;

        @Override
        public int getStatusCode() {
            return CODE;
        }

        @Override
        public jakarta.ws.rs.core.Response.Status.Family getFamily() {
            return jakarta.ws.rs.core.Response.Status.Family.CLIENT_ERROR;
        }

        @Override
        public String getReasonPhrase() {
            return "Unprocessable Content";
        }
    }
}
