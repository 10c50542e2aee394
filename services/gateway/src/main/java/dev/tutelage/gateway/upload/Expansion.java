package dev.tutelage.gateway.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Watches what becomes of a body when it is unpacked: a few kilobytes can become gigabytes. */
final class Expansion {
    /** Whatever it came from, this much does no harm. */
    private static final long FREE = 16L << 20;

    private final BodyStream body;
    private final BodyLimits limits;
    private long unpacked;

    Expansion(BodyStream body, BodyLimits limits) {
        this.body = body;
        this.limits = limits;
    }

    /** The same bytes, watched. What several such streams give counts together. */
    InputStream watch(InputStream inflated) {
        return new Watched(inflated);
    }

    private void grow(int bytes) throws TooLargeException {
        unpacked += Math.max(0, bytes);
        if (unpacked > limits.requestBytes()) {
            throw new TooLargeException("the archive has more than " + limits.requestBytes()
                    + " bytes when it is unpacked: send the images in several requests");
        }
        if (unpacked > FREE && unpacked > limits.expansion() * body.count()) {
            throw new TooLargeException("the archive expands to more than " + limits.expansion()
                    + " times its size, which images do not: it was not unpacked further");
        }
    }

    private final class Watched extends FilterInputStream {
        Watched(InputStream inflated) {
            super(inflated);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            grow(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = in.read(bytes, from, length);
            grow(read);
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            byte[] buffer = new byte[(int) Math.max(0, Math.min(bytes, 8192))];
            return Math.max(0, read(buffer, 0, buffer.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        /** An entry ends before its archive does. */
        @Override
        public void close() {
            // Nothing to be done.
        }
    }
}
