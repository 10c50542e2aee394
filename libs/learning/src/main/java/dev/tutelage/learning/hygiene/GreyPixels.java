package dev.tutelage.learning.hygiene;

import dev.tutelage.learning.data.ImageShape;

/** Images without their colours, as perceptual comparisons take them. */
final class GreyPixels {
    /** Of red, green and blue in what eyes call bright (ITU-R BT.601). */
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    private GreyPixels() {}

    /**
     * Brightness; alpha is not looked at.
     *
     * @param pixels uint8, [C, H, W]
     * @return [H, W] in row-major order, 0 to 255
     */
    static float[] of(ImageShape shape, byte[] pixels) {
        int plane = shape.height() * shape.width();
        float[] grey = new float[plane];
        if (shape.channels() < LUMA.length) {
            for (int i = 0; i < plane; i++) {
                grey[i] = pixels[i] & 0xff;
            }
            return grey;
        }
        for (int channel = 0; channel < LUMA.length; channel++) {
            int from = channel * plane;
            for (int i = 0; i < plane; i++) {
                grey[i] += LUMA[channel] * (pixels[from + i] & 0xff);
            }
        }
        return grey;
    }
}
