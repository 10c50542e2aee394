package dev.tutelage.gateway.predict;

import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.UnusableImageException;
import java.util.Random;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/** Grey images of noise. */
final class TestImages {
    private TestImages() {}

    /** As PNG. */
    static byte[] png(ImageShape shape, long seed) {
        byte[] pixels = new byte[shape.size()];
        new Random(seed).nextBytes(pixels);
        return ImageCodec.png(shape, pixels);
    }

    /** In another format, such as ".jpg". */
    static byte[] encoded(String extension, ImageShape shape, long seed) throws UnusableImageException {
        byte[] png = png(shape, seed);
        // Loads OpenCV.
        ImageCodec.decode(png, shape);
        Mat image = Imgcodecs.imdecode(new MatOfByte(png), Imgcodecs.IMREAD_UNCHANGED);
        MatOfByte encoded = new MatOfByte();
        if (!Imgcodecs.imencode(extension, image, encoded, new MatOfInt())) {
            throw new IllegalStateException("OpenCV does not write " + extension);
        }
        return encoded.toArray();
    }
}
