package dev.tutelage.learning.data;

import java.util.Arrays;
import java.util.Locale;

/** The encodings that are read, told apart by their first bytes: what a file is called does not count. */
enum ImageFormat {
    PNG("png") {
        @Override
        boolean begins(byte[] encoded) {
            return startsWith(encoded, 0, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        }
    },
    JPEG("jpg") {
        @Override
        boolean begins(byte[] encoded) {
            return startsWith(encoded, 0, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
        }
    },
    WEBP("webp") {
        @Override
        boolean begins(byte[] encoded) {
            return startsWith(encoded, 0, new byte[] {'R', 'I', 'F', 'F'})
                    && startsWith(encoded, 8, new byte[] {'W', 'E', 'B', 'P'});
        }
    };

    private final String extension;

    ImageFormat(String extension) {
        this.extension = extension;
    }

    /**
     * The format of an encoded image.
     *
     * @throws UnusableImageException if it is none of these
     */
    static ImageFormat of(byte[] encoded) throws UnusableImageException {
        for (ImageFormat format : values()) {
            if (format.begins(encoded)) {
                return format;
            }
        }
        if (encoded.length == 0) {
            throw new UnusableImageException(RejectionKind.TRUNCATED, "is empty");
        }
        throw new UnusableImageException(
                RejectionKind.UNSUPPORTED_FORMAT, "is neither PNG, JPEG nor WebP (by its first bytes)");
    }

    abstract boolean begins(byte[] encoded);

    /** What a file of this format is called by in a shard, without the dot. */
    String extension() {
        return extension;
    }

    /** That an image of this format is broken, with the reason. */
    UnusableImageException unreadable(String reason) {
        return broken(RejectionKind.UNREADABLE, reason);
    }

    /** That an image of this format ends too early, with the reason. */
    UnusableImageException truncated(String reason) {
        return broken(RejectionKind.TRUNCATED, reason);
    }

    /** That an image of this format is made to cost too much, with the reason. */
    UnusableImageException tooLarge(String reason) {
        return broken(RejectionKind.TOO_LARGE, reason);
    }

    private UnusableImageException broken(RejectionKind kind, String reason) {
        return new UnusableImageException(kind, "is not a readable " + this + " image: " + reason);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] start) {
        int to = from + start.length;
        return bytes.length >= to && Arrays.equals(bytes, from, to, start, 0, start.length);
    }
}
