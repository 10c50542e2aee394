package dev.tutelage.learning.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A PNG as the list of chunks that it is. */
final class PngChunks {
    private static final int SIGNATURE = 8;
    /** Of a chunk's length, type and checksum. */
    private static final int FRAME = 12;

    private static final int PALETTE = 3;
    private static final int ALPHA = 4;
    private static final int COLOUR = 2;

    private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private final byte[] encoded;
    private final ByteBuffer in;
    private String type = "";
    private int length;

    private PngChunks(byte[] encoded) {
        this.encoded = encoded;
        this.in = ByteBuffer.wrap(encoded).position(SIGNATURE);
    }

    static ImageHeader header(byte[] encoded) throws UnusableImageException {
        PngChunks chunks = new PngChunks(encoded);
        chunks.next();
        if (!chunks.type.equals("IHDR") || chunks.length != 13) {
            throw ImageFormat.PNG.unreadable("it does not begin with its header");
        }
        int data = chunks.data();
        int width = chunks.in.getInt(data);
        int height = chunks.in.getInt(data + 4);
        int kind = encoded[data + 9];
        boolean grey = (kind & COLOUR) == 0;
        boolean transparent = false;
        while (!chunks.type.equals("IEND")) {
            chunks.next();
            transparent |= chunks.type.equals("tRNS");
            if (kind == PALETTE && chunks.type.equals("PLTE")) {
                grey = chunks.isGreyPalette();
            }
        }
        if (transparent && kind != PALETTE) {
            throw new UnusableImageException(
                    RejectionKind.WRONG_CHANNELS,
                    "has an alpha channel in disguise (one transparent colour): flatten it to grey or RGB");
        }
        return new ImageHeader(height, width, grey, transparent || (kind & ALPHA) != 0);
    }

    /**
     * The image without its metadata, which may inflate without bound (texts and colour profiles are compressed), and
     * without the further frames of an animated one.
     */
    static byte[] withoutMetadata(byte[] encoded) throws UnusableImageException {
        ByteArrayOutputStream essential = new ByteArrayOutputStream(encoded.length);
        essential.write(encoded, 0, SIGNATURE);
        PngChunks chunks = new PngChunks(encoded);
        while (!chunks.type.equals("IEND")) {
            chunks.next();
            if (ESSENTIAL.contains(chunks.type)) {
                essential.write(encoded, chunks.data() - 8, chunks.length + FRAME);
            }
        }
        return essential.toByteArray();
    }

    private void next() throws UnusableImageException {
        length = in.getInt();
        byte[] name = new byte[4];
        in.get(name);
        type = new String(name, StandardCharsets.ISO_8859_1);
        if (length < 0) {
            throw ImageFormat.PNG.unreadable("its chunks are damaged");
        }
        if (length > in.remaining() - 4) {
            throw ImageFormat.PNG.truncated("it is cut off, or its chunks are damaged");
        }
        in.position(in.position() + length + 4);
    }

    /** Where the chunk's data begin. */
    private int data() {
        return in.position() - 4 - length;
    }

    private boolean isGreyPalette() {
        for (int i = data(); i + 2 < data() + length; i += 3) {
            if (encoded[i] != encoded[i + 1] || encoded[i] != encoded[i + 2]) {
                return false;
            }
        }
        return true;
    }
}
