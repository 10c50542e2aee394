package dev.tutelage.learning.data;

import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/** Images in encodings that the project reads but does not write. */
public final class Encoded {

    private Encoded() {}

    /**
     * A WebP, by OpenCV's encoder.
     *
     * @param shape of 3 or 4 channels
     * @param quality 1..100, or more for an encoding without loss
     */
    public static byte[] webp(ImageShape shape, byte[] pixels, int quality) {
        return encoded(".webp", shape, pixels, Imgcodecs.IMWRITE_WEBP_QUALITY, quality);
    }

    /** A JPEG, by OpenCV's encoder. */
    public static byte[] jpeg(ImageShape shape, byte[] pixels, int quality) {
        return encoded(".jpg", shape, pixels, Imgcodecs.IMWRITE_JPEG_QUALITY, quality);
    }

    private static byte[] encoded(String extension, ImageShape shape, byte[] pixels, int... parameters) {
        OpenCv.load();
        int channels = shape.channels();
        Mat image = new Mat(shape.height(), shape.width(), CvType.CV_8UC(channels));
        int plane = shape.height() * shape.width();
        byte[] interleaved = new byte[shape.size()];
        for (int i = 0; i < plane; i++) {
            for (int channel = 0; channel < channels; channel++) {
                int colour = channels >= 3 && channel < 3 ? 2 - channel : channel;
                interleaved[i * channels + colour] = pixels[channel * plane + i];
            }
        }
        image.put(0, 0, interleaved);
        MatOfByte bytes = new MatOfByte();
        if (!Imgcodecs.imencode(extension, image, bytes, new MatOfInt(parameters))) {
            throw new IllegalStateException("OpenCV writes no " + extension + " of " + shape);
        }
        return bytes.toArray();
    }
}
