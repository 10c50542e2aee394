package dev.tutelage.gateway.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body as it comes in: counted, bounded, and with its sender's failures told from all others. */
final class BodyStream extends FilterInputStream {
    private static final int CHUNK = 1 << 16;

    private final long limit;
    private long count;

    /** @param limit bytes, at most */
    BodyStream(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    /** Bytes that were read. */
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * @throws TooLargeException if the body has more bytes than it may
     * @throws BrokenBodyException if it stops coming
     */
    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int read = below(bytes, from, length);
        count += Math.max(0, read);
        if (count > limit) {
            throw new TooLargeException(
                    "the body has more than " + limit + " bytes: send the images in several requests");
        }
        return read;
    }

    private int below(byte[] bytes, int from, int length) throws IOException {
        try {
            return in.read(bytes, from, length);
        } catch (IOException e) {
            throw new BrokenBodyException(e);
        }
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] buffer = new byte[(int) Math.max(0, Math.min(bytes, CHUNK))];
        return Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads and forgets what is left, up to so many bytes: most clients look for the answer only then. */
    void drain(long most) {
        byte[] buffer = new byte[CHUNK];
        try {
            long left = most;
            int read = 0;
            while (left > 0 && read >= 0) {
                read = in.read(buffer, 0, CHUNK);
                left -= Math.max(0, read);
            }
        } catch (IOException e) {
            // Nobody is there to be answered.
            return;
        }
    }
}
