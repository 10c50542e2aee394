package dev.tutelage.gateway.upload;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The images of one upload, one behind the other, in a file that is removed when it is closed. */
final class SpoolFile implements Closeable {
    private final Spool spool;
    private final Path file;
    private final FileChannel channel;
    private long size;

    SpoolFile(Spool spool, Path file) throws IOException {
        this.spool = spool;
        this.file = file;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Appends bytes, and returns where they begin.
     *
     * @throws SpoolFullException if there is no room for them
     */
    long append(byte[] bytes) throws IOException {
        spool.take(bytes.length);
        long offset = size;
        size += bytes.length;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, offset + buffer.position());
        }
        return offset;
    }

    byte[] read(UsableImage image) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(image.length());
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, image.offset() + buffer.position()) < 0) {
                throw new EOFException(file + " ends before its images do");
            }
        }
        return buffer.array();
    }

    /** Gives up the room; a second time nothing. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            spool.give(size);
            Files.deleteIfExists(file);
        }
    }
}
