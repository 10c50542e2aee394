package dev.tutelage.learning.label;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Manifest;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A classifier that labels: an ONNX model run by ONNX Runtime, so that it needs no training code and may come from
 * elsewhere. Not for several threads at once; the model itself uses as many as it is given.
 */
public final class Teacher implements LogitSource, AutoCloseable {
    private static final String ENGINE = "OnnxRuntime";

    private final Model model;
    private final ImageShape images;
    private final int classes;
    private int featureWidth;

    private Teacher(Model model, ImageShape images, int classes) {
        this.model = model;
        this.images = images;
        this.classes = classes;
    }

    /**
     * Loads the model of a classifier's checkpoint, having verified it.
     *
     * @param directory that holds at least the checkpoint's manifest and its model
     * @param threads that one batch is shared out to, 1 or more
     * @throws CorruptFileException if the checkpoint is damaged or has no model
     */
    public static Teacher ofCheckpoint(Path directory, int threads) throws IOException {
        Manifest manifest = Checkpoint.readManifest(directory, Set.of(Checkpoint.ONNX));
        int classes = manifest.provenance().classes().size();
        if (classes == 0) {
            throw new CorruptFileException(
                    directory, "is a " + manifest.provenance().stage().text() + " checkpoint, which cannot label");
        }
        return load(directory.resolve(Checkpoint.ONNX), manifest.provenance().images(), classes, threads);
    }

    /**
     * Loads an ONNX model with one input, images float32 [N, C, H, W] in [0, 1], whose first output is logits float32 [N,
     * classes]. A second one, if there is one, is features float32 [N, width]; models of earlier versions have none.
     *
     * @param threads that one batch is shared out to, 1 or more
     * @throws CorruptFileException if the file is no such model; it is tried on a black image
     */
    public static Teacher load(Path onnx, ImageShape images, int classes, int threads) throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": it takes at least one");
        }
        Model model = Model.newInstance("teacher", Device.cpu(), ENGINE);
        Teacher teacher = new Teacher(model, images, classes);
        try (SessionOptions options = options(threads)) {
            model.load(onnx, null, Map.of("sessionOptions", options));
            teacher.featureWidth =
                    teacher.run(FloatBuffer.allocate(images.size()), 1).features().length;
            return teacher;
        } catch (MalformedModelException | OrtException | EngineException | IllegalArgumentException e) {
            model.close();
            String problem = "is no model of " + classes + " classes for images of " + images;
            throw new CorruptFileException(onnx, problem + ": " + rootMessage(e), e);
        } catch (IOException e) {
            model.close();
            throw e;
        }
    }

    /** Threads that wait sleep: spinning, as is ONNX Runtime's default, would take the cores from PyTorch's. */
    private static SessionOptions options(int threads) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    @Override
    public ImageShape images() {
        return images;
    }

    @Override
    public int classes() {
        return classes;
    }

    /** The width of the features that it tells, 0 where it does not. */
    int featureWidth() {
        return featureWidth;
    }

    @Override
    public Answer answer(NDArray batch) {
        return run(values(batch, images), (int) batch.getShape().get(0));
    }

    /** The values of a batch of such images, in row-major order. */
    static FloatBuffer values(NDArray batch, ImageShape images) {
        Shape expected = new Shape(batch.getShape().get(0), images.channels(), images.height(), images.width());
        if (!batch.getShape().equals(expected)) {
            throw new IllegalArgumentException("the teacher labels images of " + images + ", not " + batch.getShape());
        }
        return batch.toByteBuffer().asFloatBuffer();
    }

    @Override
    public void close() {
        model.close();
    }

    /**
     * What it says about some images.
     *
     * @param values [count, C, H, W] in row-major order
     */
    Answer run(FloatBuffer values, int count) {
        try (NDManager scope = model.getNDManager().newSubManager()) {
            Shape shape = new Shape(count, images.channels(), images.height(), images.width());
            NDArray input = scope.create(values, shape, DataType.FLOAT32);
            NDList outputs = model.getBlock().forward(new ParameterStore(scope, false), new NDList(input), false);
            NDArray logits = outputs.get(0);
            if (!logits.getShape().equals(new Shape(count, classes))) {
                throw new IllegalArgumentException(
                        "its output for " + count + " images has the shape " + logits.getShape());
            }
            if (outputs.size() == 1) {
                return Answer.ofLogits(logits.toFloatArray());
            }
            float[] features = outputs.get(1).toFloatArray();
            return new Answer(logits.toFloatArray(), features, features.length / count);
        }
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
