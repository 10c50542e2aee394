package dev.tutelage.learning.data;

import java.util.ArrayDeque;
import java.util.Deque;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.Rect;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/** An image in OpenCV's memory, of 8 bits a value, as OpenCV orders channels: grey; blue, green, red; alpha last. */
final class DecodedImage implements AutoCloseable {
    /** Values of 16 bits become their nearest of 8. */
    private static final double FROM_16_BITS = 255.0 / 65535;

    private static final int BLUE_TO_RED = 2;

    private final Deque<Mat> owned = new ArrayDeque<>();
    private final ImageHeader header;
    private Mat current;

    private DecodedImage(ImageHeader header) {
        this.header = header;
    }

    /**
     * Decodes an image; OpenCV must be loaded. Which way up a camera's notes say it should be is not looked at.
     *
     * @throws UnusableImageException if it is damaged, or is not what its header says
     * @throws org.opencv.core.CvException if OpenCV thinks so
     */
    static DecodedImage of(ImageFormat format, ImageHeader header, byte[] encoded) throws UnusableImageException {
        DecodedImage image = new DecodedImage(header);
        try {
            image.decode(format, encoded);
            return image;
        } catch (UnusableImageException | RuntimeException e) {
            image.close();
            throw e;
        }
    }

    private void decode(ImageFormat format, byte[] encoded) throws UnusableImageException {
        current = own(Imgcodecs.imdecode(own(new MatOfByte(encoded)), Imgcodecs.IMREAD_UNCHANGED));
        if (current.empty()) {
            throw format.unreadable("the decoder refuses it");
        }
        boolean alpha = current.channels() == 4;
        boolean colours = current.channels() >= 3;
        if (current.rows() != header.height()
                || current.cols() != header.width()
                || alpha != header.alpha()
                || !(colours || header.grey())) {
            throw format.unreadable("it is not what its header says");
        }
        if (current.depth() == CvType.CV_16U) {
            Mat scaled = own(new Mat());
            current.convertTo(scaled, CvType.CV_8U, FROM_16_BITS);
            current = scaled;
        }
    }

    /**
     * Cuts out the largest box in the middle that has the shape's ratio of sides, and scales that: an image that shrinks
     * by the mean of the area of each pixel, one that grows by cubic interpolation. An image of the right size is left as
     * it is.
     */
    void fit(ImageShape shape) {
        Box box = Box.centred(current.rows(), current.cols(), shape);
        if (box.height() != current.rows() || box.width() != current.cols()) {
            current = own(current.submat(new Rect(box.left(), box.top(), box.width(), box.height())));
        }
        if (box.height() != shape.height() || box.width() != shape.width()) {
            boolean shrinks = box.height() > shape.height() || box.width() > shape.width();
            Mat scaled = own(new Mat());
            int interpolation = shrinks ? Imgproc.INTER_AREA : Imgproc.INTER_CUBIC;
            Imgproc.resize(current, scaled, new Size(shape.width(), shape.height()), 0, 0, interpolation);
            current = scaled;
        }
    }

    /** The values, uint8, [C, H, W], with the channels that the header tells of. */
    byte[] planes() {
        int channels = current.channels();
        int plane = current.rows() * current.cols();
        byte[] interleaved = new byte[plane * channels];
        Mat whole = current;
        if (!current.isContinuous()) {
            whole = own(current.clone());
        }
        whole.get(0, 0, interleaved);
        byte[] planes = new byte[plane * header.channels()];
        for (int channel = 0; channel < header.channels(); channel++) {
            int from = source(channel);
            for (int i = 0; i < plane; i++) {
                planes[channel * plane + i] = interleaved[i * channels + from];
            }
        }
        return planes;
    }

    /** Where OpenCV keeps a channel; grey with alpha comes as colours that are all the same. */
    private int source(int channel) {
        boolean isAlpha = header.alpha() && channel == header.channels() - 1;
        if (isAlpha) {
            return current.channels() - 1;
        }
        return header.grey() ? 0 : BLUE_TO_RED - channel;
    }

    private <M extends Mat> M own(M mat) {
        owned.push(mat);
        return mat;
    }

    /** Gives the memory back, which the JVM would only do when it next looks for garbage. */
    @Override
    public void close() {
        owned.forEach(Mat::release);
    }
}
