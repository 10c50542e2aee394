package dev.tutelage.learning.data;

/**
 * A part of an image, in whole pixels.
 *
 * @param top pixels above it
 * @param left pixels to the left of it
 * @param height its own, 1 or more
 * @param width its own, 1 or more
 */
record Box(int top, int left, int height, int width) {

    /** The largest box in the middle of an image that has the shape's ratio of width to height, to the nearest pixel. */
    static Box centred(int imageHeight, int imageWidth, ImageShape shape) {
        long across = (long) imageWidth * shape.height();
        long down = (long) imageHeight * shape.width();
        int width = across > down ? nearest(down, shape.height()) : imageWidth;
        int height = across > down ? imageHeight : nearest(across, shape.width());
        return new Box((imageHeight - height) / 2, (imageWidth - width) / 2, height, width);
    }

    private static int nearest(long dividend, int divisor) {
        return (int) Math.max(1, (dividend + divisor / 2) / divisor);
    }
}
