package dev.tutelage.learning.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Where the pixels of a set are put while it is read. */
sealed interface PixelStore extends AutoCloseable {

    /** Puts the next image's pixels. */
    void add(byte[] pixels) throws IOException;

    /** The images' pixels in the order in which they came; nothing is added afterwards. */
    List<ByteBuffer> finish() throws IOException;

    @Override
    void close() throws IOException;

    /** On the heap. */
    final class Heap implements PixelStore {
        private final List<ByteBuffer> images = new ArrayList<>();

        @Override
        public void add(byte[] pixels) {
            images.add(ByteBuffer.wrap(pixels));
        }

        @Override
        public List<ByteBuffer> finish() {
            return images;
        }

        @Override
        public void close() {}
    }

    /**
     * In a file that is mapped into memory, so that the operating system keeps as much of it at hand as there is room for.
     * The file may be deleted while the images are in use; its room is given back when the JVM has found that they no
     * longer are.
     */
    final class Mapped implements PixelStore {
        /** Java maps less than 2 GiB at once. */
        private static final long LARGEST_MAPPING = 1 << 30;

        private final FileChannel file;
        private final int imageSize;

        /**
         * Begins a file, which must not exist.
         *
         * @param imageSize bytes of each image
         */
        Mapped(Path path, int imageSize) throws IOException {
            this.file = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.imageSize = imageSize;
        }

        /** Written rather than put into mapped memory, where a full disk would take the process down. */
        @Override
        public void add(byte[] pixels) throws IOException {
            ByteBuffer source = ByteBuffer.wrap(pixels);
            try {
                while (source.hasRemaining()) {
                    file.write(source);
                }
            } catch (IOException e) {
                // If the disk is full, deleted files of earlier runs may still hold room: the next attempt has it.
                System.gc();
                throw e;
            }
        }

        @Override
        public List<ByteBuffer> finish() throws IOException {
            List<ByteBuffer> images = new ArrayList<>();
            long perMapping = Math.max(1, LARGEST_MAPPING / imageSize) * imageSize;
            for (long from = 0; from < file.size(); from += perMapping) {
                ByteBuffer mapped = file.map(MapMode.READ_ONLY, from, Math.min(perMapping, file.size() - from));
                for (int image = 0; image < mapped.capacity(); image += imageSize) {
                    images.add(mapped.slice(image, imageSize));
                }
            }
            return images;
        }

        /** What is mapped stays so. */
        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
