package dev.tutelage.learning.data;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size every image of a task has: [C, H, W].
 *
 * @param channels 1 (grey), 2 (grey, alpha), 3 (red, green, blue) or 4 (red, green, blue, alpha)
 * @param height pixels from top to bottom, 1 to {@value #LARGEST_SIDE}
 * @param width pixels from left to right, 1 to {@value #LARGEST_SIDE}
 */
public record ImageShape(int channels, int height, int width) {
    /** Bounds the memory that one declared shape can ask for: 4 x 4096 x 4096 bytes is 64 MiB an image. */
    public static final int LARGEST_SIDE = 4096;

    public ImageShape {
        if (channels < 1 || channels > 4) {
            throw new IllegalArgumentException(
                    "channels is " + channels + ": images are grey (1), grey with alpha (2), RGB (3) or RGBA (4)");
        }
        if (height < 1 || height > LARGEST_SIDE || width < 1 || width > LARGEST_SIDE) {
            throw new IllegalArgumentException(
                    "image size is " + height + " x " + width + ": each side must be 1 to " + LARGEST_SIDE);
        }
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the text is no such shape
     */
    public static ImageShape parse(String text) {
        Matcher sides = Pattern.compile("(\\d{1,5})x(\\d{1,5})x(\\d{1,5})").matcher(text);
        if (!sides.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no shape of images: give channels, height and width, as 3x32x32");
        }
        return new ImageShape(
                Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)), Integer.parseInt(sides.group(3)));
    }

    /** Values in one image: channels x height x width. */
    public int size() {
        return channels * height * width;
    }

    /** As people read it, for example {@code 3x32x32}. */
    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
