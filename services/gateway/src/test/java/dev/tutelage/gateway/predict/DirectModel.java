package dev.tutelage.gateway.predict;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.UnusableImageException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** A model.onnx, run without any code of ours but the decoder. */
final class DirectModel {
    private final Path model;
    private final ImageShape shape;

    /** One for grey images. */
    DirectModel(Path model) {
        this(model, RandomStudent.SHAPE);
    }

    DirectModel(Path model, ImageShape shape) {
        this.model = model;
        this.shape = shape;
    }

    /** Values of an image as the model takes them. */
    static float[] values(byte[] encoded, ImageShape shape) throws UnusableImageException {
        byte[] pixels = ImageCodec.decode(encoded, shape);
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(pixels[i]) / 255f;
        }
        return values;
    }

    /** Logits [count * classes] of images. */
    float[] logits(float[] values, int count) throws OrtException {
        return output("logits", values, count);
    }

    /** Features [count * width] of images. */
    float[] features(float[] values, int count) throws OrtException {
        return output("features", values, count);
    }

    private float[] output(String name, float[] values, int count) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model.toString());
                OnnxTensor images = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), new long[] {
                    count, shape.channels(), shape.height(), shape.width()
                });
                OrtSession.Result result = session.run(Map.of("images", images))) {
            FloatBuffer output = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
            float[] copy = new float[output.remaining()];
            output.get(copy);
            return copy;
        }
    }

    /** The naive softmax of one image's logits. */
    double[] probabilities(float[] values) throws OrtException {
        float[] logits = logits(values, 1);
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = Math.exp(logits[c]) / sum;
        }
        return probabilities;
    }
}
