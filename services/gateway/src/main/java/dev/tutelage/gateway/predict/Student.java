package dev.tutelage.gateway.predict;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.label.Answer;
import dev.tutelage.learning.label.LoadedTeachers;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A version of a task's student that stays loaded until this is closed.
 *
 * @param digest the checkpoint's
 */
public record Student(String task, String digest, LoadedTeachers.Held held) implements AutoCloseable {

    /** The shape of the images that it is for. */
    public ImageShape images() {
        return held.manifest().provenance().images();
    }

    /** The names of its classes, in the order of its logits. */
    public List<String> classes() {
        return held.manifest().provenance().classes();
    }

    /**
     * Its logits.
     *
     * @param values [count, C, H, W] in row-major order, in [0, 1]
     * @return [count * classes] in row-major order
     */
    public float[] logits(FloatBuffer values, int count) {
        return look(values, count).logits();
    }

    /**
     * Its logits, and the features that its encoder makes of images; models of earlier versions tell none.
     *
     * @param values [count, C, H, W] in row-major order, in [0, 1]
     */
    public Answer look(FloatBuffer values, int count) {
        return held.teacher().answer(values, count);
    }

    @Override
    public void close() {
        held.close();
    }
}
