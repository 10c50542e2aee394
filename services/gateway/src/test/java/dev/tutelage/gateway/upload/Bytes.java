package dev.tutelage.gateway.upload;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Bytes, put together and changed by hand. */
final class Bytes {
    private Bytes() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The bytes from that place on. */
    static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    static byte[] repeated(byte[] bytes, int times) {
        byte[][] all = new byte[times][];
        Arrays.fill(all, bytes);
        return join(all);
    }

    /** A text of one byte a character. */
    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The bytes with a little-endian number of 4 bytes at that offset from each place where four others are. */
    static byte[] patched(byte[] bytes, int signature, int offset, int value) {
        ByteBuffer changed = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + offset + 4 <= bytes.length; at++) {
            if (changed.getInt(at) == signature) {
                changed.putInt(at + offset, value);
            }
        }
        return changed.array();
    }

    /** As a zlib stream. */
    static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /** A chunk of a PNG, with the checksum that it should have. */
    static byte[] chunk(String type, byte[] content) {
        byte[] named = join(latin(type), content);
        CRC32 checksum = new CRC32();
        checksum.update(named);
        return ByteBuffer.allocate(named.length + 8)
                .putInt(content.length)
                .put(named)
                .putInt((int) checksum.getValue())
                .array();
    }

    /** An entry's header of a tar, with the checksum that it should have. */
    static byte[] tarHeader(String name, char kind, byte[] size, String link) {
        byte[] header = new byte[512];
        ByteBuffer fields = ByteBuffer.wrap(header);
        fields.put(0, latin(name), 0, Math.min(100, name.length()));
        fields.put(100, latin("0000644\0" + "0000000\0" + "0000000\0"));
        fields.put(124, size);
        fields.put(136, latin("00000000000\0" + "        " + kind + link));
        fields.put(257, latin("ustar\00000"));
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        fields.put(148, latin(String.format(Locale.ROOT, "%06o\0 ", sum)));
        return header;
    }

    /** A size as a tar says it. */
    static byte[] octal(long size) {
        return latin(String.format(Locale.ROOT, "%011o\0", size));
    }

    /** Filled up with zeros, as a tar does it, and then its end. */
    static byte[] tarEntry(byte[] header, byte[] content) {
        return join(header, content, new byte[(512 - content.length % 512) % 512]);
    }
}
