package dev.tutelage.learning.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The first chunk of a WebP, which has the size in one of three ways. */
final class WebpHeader {
    /** Where the file says how many bytes follow. */
    private static final int LENGTH = 4;

    private static final int FIRST_CHUNK = 12;
    private static final int ANIMATED = 0x02;
    private static final int WITH_ALPHA = 0x10;
    private static final int SIDE = 0x3fff;

    private WebpHeader() {}

    static ImageHeader header(byte[] encoded) throws UnusableImageException {
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).position(LENGTH);
        if (Integer.toUnsignedLong(in.getInt()) > encoded.length - in.position()) {
            throw ImageFormat.WEBP.truncated("it is cut off");
        }
        in.position(FIRST_CHUNK);
        byte[] name = new byte[4];
        in.get(name);
        in.getInt();
        String chunk = new String(name, StandardCharsets.ISO_8859_1);
        return switch (chunk) {
            case "VP8 " -> lossy(in);
            case "VP8L" -> lossless(in);
            case "VP8X" -> extended(in);
            default -> throw ImageFormat.WEBP.unreadable("it does not begin with its header");
        };
    }

    /** After a tag and a start code of three bytes each, width and height have 14 bits each and 2 of scaling. */
    private static ImageHeader lossy(ByteBuffer in) {
        in.getShort();
        in.getInt();
        int width = in.getShort() & SIDE;
        return new ImageHeader(in.getShort() & SIDE, width, false, false);
    }

    /** After a signature of one byte: 14 bits of width - 1, 14 of height - 1, and one of alpha. */
    private static ImageHeader lossless(ByteBuffer in) {
        in.get();
        int bits = in.getInt();
        return new ImageHeader((bits >> 14 & SIDE) + 1, (bits & SIDE) + 1, false, (bits >> 28 & 1) == 1);
    }

    /** A byte of flags, three of nothing, three of width - 1, and three of height - 1. */
    private static ImageHeader extended(ByteBuffer in) throws UnusableImageException {
        int flags = in.getInt();
        if ((flags & ANIMATED) != 0) {
            throw new UnusableImageException(RejectionKind.ANIMATED, "is animated: save one frame of it");
        }
        int width = threeBytes(in) + 1;
        int height = threeBytes(in) + 1;
        return new ImageHeader(height, width, false, (flags & WITH_ALPHA) != 0);
    }

    private static int threeBytes(ByteBuffer in) {
        int low = in.getShort() & 0xffff;
        return low | (in.get() & 0xff) << 16;
    }
}
