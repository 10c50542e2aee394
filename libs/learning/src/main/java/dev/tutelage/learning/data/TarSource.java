package dev.tutelage.learning.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A tar's bytes with what the tar reader does not keep: the offset, whether the bytes end in the zero blocks that end a
 * tar, a bound on the headers (a "long name" entry may declare gigabytes, which the reader would buffer), and whether a
 * failure was the stream's own rather than the data's.
 */
final class TarSource extends FilterInputStream {
    private static final long LARGEST_HEADER = 1 << 20;
    private static final int END_MARKER = 512;

    private long offset;
    private long allowedTo = Long.MAX_VALUE;
    private long trailingZeros;
    private Optional<IOException> failure = Optional.empty();

    TarSource(InputStream in) {
        super(in);
    }

    long offset() {
        return offset;
    }

    /** From here on a header is read. */
    void allowHeader() {
        allowedTo = offset + LARGEST_HEADER;
    }

    /** From here on an entry's content is read. */
    void allowContent() {
        allowedTo = Long.MAX_VALUE;
    }

    boolean endedWithMarker() {
        return trailingZeros >= END_MARKER;
    }

    /** Throws what the stream below threw, if it did: a broken connection is no fault of the shard. */
    void rethrowFailure() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length > 0 && offset >= allowedTo) {
            throw new IOException("an entry's header is larger than " + LARGEST_HEADER + " bytes");
        }
        int count;
        try {
            count = super.read(bytes, from, (int) Math.min(length, allowedTo - offset));
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
        if (count > 0) {
            offset += count;
            countZeros(bytes, from, count);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] buffer = new byte[(int) Math.max(0, Math.min(count, 8192))];
        return Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void countZeros(byte[] bytes, int from, int count) {
        int zeros = 0;
        while (zeros < count && bytes[from + count - 1 - zeros] == 0) {
            zeros++;
        }
        trailingZeros = zeros == count ? trailingZeros + count : zeros;
    }
}
