package dev.tutelage.learning.data;

import java.nio.BufferUnderflowException;

/**
 * What an encoded image says of itself, found without decoding it.
 *
 * @param height pixels from top to bottom
 * @param width pixels from left to right
 * @param grey whether it is grey rather than coloured
 * @param alpha whether it has an alpha channel
 */
record ImageHeader(int height, int width, boolean grey, boolean alpha) {

    /**
     * The most pixels that are decoded: 33 million, more than cameras make. A few bytes can declare billions, and the
     * decoder would believe them.
     */
    static final int MOST_PIXELS = 1 << 25;

    /**
     * Reads the header, and so much of the rest as shows whether the file is whole and harmless.
     *
     * @throws UnusableImageException if it is not, or declares a size that is not decoded
     */
    static ImageHeader of(ImageFormat format, byte[] encoded) throws UnusableImageException {
        ImageHeader header;
        try {
            header = switch (format) {
                case PNG -> PngChunks.header(encoded);
                case JPEG -> JpegMarkers.header(encoded);
                case WEBP -> WebpHeader.header(encoded);
            };
        } catch (BufferUnderflowException e) {
            throw new UnusableImageException(
                    RejectionKind.TRUNCATED, "is not a readable " + format + " image: it is cut off", e);
        }
        boolean empty = header.height < 1 || header.width < 1;
        if (empty || (long) header.height * header.width > MOST_PIXELS) {
            RejectionKind kind = empty ? RejectionKind.UNREADABLE : RejectionKind.TOO_LARGE;
            throw new UnusableImageException(
                    kind,
                    "is " + header.height + " x " + header.width + " pixels (height x width): images of 1 to "
                            + MOST_PIXELS + " pixels are read");
        }
        return header;
    }

    int channels() {
        return (grey ? 1 : 3) + (alpha ? 1 : 0);
    }

    /** @throws UnusableImageException if a task of this many channels cannot use the image */
    void requireChannels(int wanted) throws UnusableImageException {
        if (channels() == wanted) {
            return;
        }
        if (alpha && (wanted == 1 || wanted == 3)) {
            throw new UnusableImageException(
                    RejectionKind.WRONG_CHANNELS, "has an alpha channel: flatten it to grey or RGB");
        }
        String kind = alpha ? " channels with alpha" : " colour channels";
        throw new UnusableImageException(
                RejectionKind.WRONG_CHANNELS, "has " + channels() + kind + ", but the task's images have " + wanted);
    }
}
