package dev.tutelage.learning.augment;

/**
 * A view of an image: a box of it, stretched to the whole image's size, possibly mirrored left to right. Lengths are in
 * pixels of the image and need not be whole.
 *
 * @param top distance of the box from the image's upper edge
 * @param left distance of the box from the image's left edge
 * @param height of the box
 * @param width of the box
 * @param flipped whether left and right are exchanged
 */
public record View(double top, double left, double height, double width, boolean flipped) {

    /** The image as it is. */
    public static View whole(int height, int width) {
        return new View(0, 0, height, width, false);
    }
}
