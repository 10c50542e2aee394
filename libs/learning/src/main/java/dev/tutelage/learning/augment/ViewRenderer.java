package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Makes views of a batch of images with two batched matrix products: a view is {@code Ry image Rx'}, where each row of Ry
 * and Rx holds the interpolation weights of one row or column of pixels. A flip turns Rx upside down. Pixels outside the
 * image count as its nearest ones; those outside the box but inside the image take part in interpolation at its edge.
 *
 * <p>It keeps a buffer between calls, so one renderer serves one thread.
 */
public final class ViewRenderer {

    private final Interpolation interpolation;
    private final Matrices matrices = new Matrices();

    public ViewRenderer(Interpolation interpolation) {
        this.interpolation = interpolation;
    }

    /**
     * One view of each image.
     *
     * @param images [N, C, H, W] with values in 0..1
     * @param views N of them, in the images' order
     * @return [N, C, H, W] with values in 0..1, owned by the images' manager
     */
    public NDArray render(NDArray images, List<View> views) {
        Shape shape = images.getShape();
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        View whole = View.whole(height, width);
        if (views.stream().allMatch(whole::equals)) {
            // What the products would give, to the bit.
            return images.duplicate();
        }
        float[] rows = new float[views.size() * height * height];
        float[] columns = new float[views.size() * width * width];
        for (int n = 0; n < views.size(); n++) {
            View view = views.get(n);
            fill(rows, n * height * height, height, view.top(), view.height(), false);
            fill(columns, n * width * width, width, view.left(), view.width(), view.flipped());
        }
        NDManager scope = images.getManager();
        NDArray ry = matrices.of(scope, rows, views.size(), height);
        NDArray rx = matrices.of(scope, columns, views.size(), width).swapAxes(2, 3);
        NDArray rendered = ry.matMul(images).matMul(rx);
        return interpolation == Interpolation.BICUBIC ? rendered.clip(0, 1) : rendered;
    }

    /** Writes the size x size weights of one axis, row by row, starting at offset. */
    private void fill(float[] matrix, int offset, int size, double start, double length, boolean flipped) {
        int reach = interpolation.reach();
        for (int i = 0; i < size; i++) {
            double position = start + (i + 0.5) * length / size - 0.5;
            int nearest = (int) Math.floor(position);
            int row = offset + (flipped ? size - 1 - i : i) * size;
            for (int j = nearest - reach + 1; j <= nearest + reach; j++) {
                int pixel = Math.max(0, Math.min(size - 1, j));
                matrix[row + pixel] += (float) interpolation.weight(Math.abs(position - j));
            }
        }
    }
}
