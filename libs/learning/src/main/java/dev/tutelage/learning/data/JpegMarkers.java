package dev.tutelage.learning.data;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A JPEG as the list of markers that it is. It is followed to its end, because the decoder would fill what is missing of
 * an image with grey, and would go over it again as often as a progressive file says.
 */
final class JpegMarkers {
    /** Progressive files have ten or so. Each takes the decoder over the whole image. */
    private static final int MOST_SCANS = 100;

    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;

    private final ByteBuffer in;

    private JpegMarkers(byte[] encoded) {
        this.in = ByteBuffer.wrap(encoded).position(2);
    }

    static ImageHeader header(byte[] encoded) throws UnusableImageException {
        JpegMarkers markers = new JpegMarkers(encoded);
        Optional<ImageHeader> header = Optional.empty();
        int scans = 0;
        for (int marker = markers.next(); marker != END_OF_IMAGE; marker = markers.next()) {
            if (standsAlone(marker)) {
                continue;
            }
            int length = markers.in.getShort() & 0xffff;
            if (length < 2) {
                throw ImageFormat.JPEG.unreadable("its segments are damaged");
            }
            if (length - 2 > markers.in.remaining()) {
                throw ImageFormat.JPEG.truncated("it is cut off, or its segments are damaged");
            }
            int end = markers.in.position() + length - 2;
            if (isFrame(marker)) {
                header = Optional.of(markers.frame());
            }
            markers.in.position(end);
            scans += marker == START_OF_SCAN ? 1 : 0;
        }
        if (scans > MOST_SCANS) {
            throw ImageFormat.JPEG.tooLarge("it has " + scans + " scans, not 1 to " + MOST_SCANS);
        }
        if (scans == 0) {
            throw ImageFormat.JPEG.unreadable("it has no scan");
        }
        return header.orElseThrow(() -> ImageFormat.JPEG.unreadable("it says nowhere how large it is"));
    }

    /** The next marker; in the data of a scan, a 0xff that is none is followed by 0. */
    private int next() {
        int previous = 0;
        while (true) {
            int value = in.get() & 0xff;
            if (previous == 0xff && value != 0 && value != 0xff) {
                return value;
            }
            previous = value;
        }
    }

    private ImageHeader frame() throws UnusableImageException {
        in.get();
        int height = in.getShort() & 0xffff;
        int width = in.getShort() & 0xffff;
        int components = in.get();
        if (components != 1 && components != 3) {
            throw new UnusableImageException(
                    RejectionKind.WRONG_CHANNELS,
                    "has " + components + " colour components (CMYK has 4): save it as grey or RGB");
        }
        return new ImageHeader(height, width, components == 1, false);
    }

    /** SOF0 to SOF15, less the three others in their midst. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** TEM, and the restarts within a scan. */
    private static boolean standsAlone(int marker) {
        return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    }
}
