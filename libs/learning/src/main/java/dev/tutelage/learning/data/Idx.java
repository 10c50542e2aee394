package dev.tutelage.learning.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the IDX files (plain or gzipped) in which MNIST and its successors come. */
public final class Idx {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final int GZIP = 0x1f8b;

    private Idx() {}

    /**
     * Grey images, unlabeled. Keys are the file's indices, {@code 000000} on; digests are those of the PNG that
     * {@link ShardWriter} would write.
     *
     * @throws IOException if the file is not a whole IDX file of images; the message says what is wrong where
     */
    public static ImageSet images(Path file) throws IOException {
        List<String> keys = new ArrayList<>();
        List<ByteBuffer> pixels = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        ImageShape shape = forEach(file, (number, image, imageShape) -> {
            keys.add(key(number));
            pixels.add(ByteBuffer.wrap(image));
            digests.add(Sha256.of(ImageCodec.png(imageShape, image)));
        });
        return new ImageSet(shape, keys, pixels, digests, Optional.empty());
    }

    /** Takes an image: its number, from 0, and its pixels. */
    interface Taker {
        void take(int number, byte[] pixels, ImageShape shape) throws IOException;
    }

    /**
     * Reads the images one after the other.
     *
     * @return the shape of all of them
     */
    static ImageShape forEach(Path file, Taker taker) throws IOException {
        try (DataInputStream in = open(file)) {
            int count = header(in, file, IMAGES, "images (unsigned bytes in 3 dimensions)");
            ImageShape shape = shape(in, file);
            for (int i = 0; i < count; i++) {
                taker.take(i, exactly(in, shape.size(), file, "image " + i + " of " + count), shape);
            }
            return shape;
        } catch (EOFException | ZipException e) {
            throw new IOException(file + " is truncated or damaged: " + e.getMessage(), e);
        }
    }

    /** What the image of this number is called. */
    static String key(int number) {
        return "%06d".formatted(number);
    }

    /**
     * Class indices, 0 to 255, in the order of the images' file.
     *
     * @throws IOException if the file is not a whole IDX file of labels; the message says what is wrong where
     */
    public static int[] labels(Path file) throws IOException {
        try (DataInputStream in = open(file)) {
            int count = header(in, file, LABELS, "labels (unsigned bytes in 1 dimension)");
            byte[] bytes = exactly(in, count, file, count + " labels");
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = bytes[i] & 0xff;
            }
            return labels;
        } catch (EOFException | ZipException e) {
            throw new IOException(file + " is truncated or damaged: " + e.getMessage(), e);
        }
    }

    /**
     * Labeled grey images from the two files.
     *
     * @throws IOException if either is damaged or they differ in length
     */
    public static ImageSet labeled(Path images, Path labels) throws IOException {
        ImageSet unlabeled = images(images);
        int[] classes = labels(labels);
        if (classes.length != unlabeled.size()) {
            throw new IOException(images + " holds " + unlabeled.size() + " images, but " + labels + " holds "
                    + classes.length + " labels: the files do not belong together");
        }
        return unlabeled.withLabels(classes);
    }

    private static ImageShape shape(DataInputStream in, Path file) throws IOException {
        try {
            return new ImageShape(1, in.readInt(), in.readInt());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            in.mark(2);
            boolean gzipped = in.read() << 8 == (GZIP & 0xff00) && in.read() == (GZIP & 0xff);
            in.reset();
            InputStream plain = gzipped ? new GZIPInputStream(in, 1 << 16) : in;
            return new DataInputStream(new BufferedInputStream(plain));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static int header(DataInputStream in, Path file, int expected, String what) throws IOException {
        int magic = in.readInt();
        if (magic != expected) {
            throw new IOException("%s is not an IDX file of %s: it starts with 0x%08x, not 0x%08x"
                    .formatted(file, what, magic, expected));
        }
        int count = in.readInt();
        if (count < 0) {
            throw new IOException(file + " declares " + count + " items");
        }
        return count;
    }

    /** Allocates as the bytes come, so that a header cannot ask for memory that the file does not back. */
    private static byte[] exactly(DataInputStream in, int count, Path file, String what) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException(file + " is truncated in " + what);
        }
        return bytes;
    }
}
