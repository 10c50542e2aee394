package dev.tutelage.learning.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The binary version of CIFAR-10 or CIFAR-100: files of records, each of its labels, one byte each, and 3,072 bytes of
 * red, green and blue, [3, 32, 32]. Keys are the file's name and the number of the record in it.
 *
 * @param kind which of the two
 * @param files in their order
 */
public record CifarSource(Kind kind, List<Path> files) implements ImageSource {
    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    /** The two data sets. */
    public enum Kind {
        /** One label. */
        CIFAR10("CIFAR-10", 1, 10),
        /** A coarse label, of 20 classes, and a fine one, of 100, which is the one that is used. */
        CIFAR100("CIFAR-100", 2, 100);

        private final String title;
        private final int labels;
        private final int classes;

        Kind(String title, int labels, int classes) {
            this.title = title;
            this.labels = labels;
            this.classes = classes;
        }

        private int recordSize() {
            return labels + SHAPE.size();
        }

        @Override
        public String toString() {
            return title;
        }
    }

    public CifarSource {
        files = List.copyOf(files);
    }

    /** Every file is measured before the first is read, so that one that is cut off costs no time. */
    @Override
    public void forEach(Visitor visitor) throws IOException {
        for (Path file : files) {
            long size = Files.size(file);
            if (size == 0 || size % kind.recordSize() != 0) {
                throw new IOException(file + " is no whole file of " + kind + ": it has " + size
                        + " bytes, which is no multiple of " + kind.recordSize());
            }
        }
        for (Path file : files) {
            read(file, visitor);
        }
    }

    private void read(Path file, Visitor visitor) throws IOException {
        String name = SourceFile.key(file.getFileName());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int number = 0; ; number++) {
                byte[] labels = in.readNBytes(kind.labels);
                byte[] pixels = in.readNBytes(SHAPE.size());
                if (pixels.length < SHAPE.size()) {
                    return;
                }
                visitor.visit(image("%s/%05d".formatted(name, number), labels[kind.labels - 1] & 0xff, pixels));
            }
        }
    }

    private SourceImage image(String key, int label, byte[] pixels) {
        if (label >= kind.classes) {
            return SourceImage.unusable(
                    key,
                    RejectionKind.BAD_LABEL,
                    "has label " + label + ", but " + kind + " has classes 0 to " + (kind.classes - 1));
        }
        return new SourceImage(key, () -> ImageCodec.png(SHAPE, pixels), Optional.of(new SourceLabel.Index(label)));
    }
}
