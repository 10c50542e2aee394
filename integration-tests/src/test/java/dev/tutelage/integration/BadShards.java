package dev.tutelage.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.ShardWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Shards as they should not be, and one as it should. */
final class BadShards {
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    private BadShards() {}

    static byte[] good() throws IOException {
        return write(writer -> writer.addAll(images(700, 720)));
    }

    /** Ten good images and three that are none, have alpha, and are in color. */
    static byte[] withUnusableImages() throws IOException {
        return write(writer -> {
            writer.addAll(images(800, 810));
            writer.add("unreadable", "no image at all".getBytes(UTF_8), OptionalInt.empty());
            writer.add("see-through", blank(new ImageShape(2, 28, 28)), OptionalInt.empty());
            writer.add("colored", blank(new ImageShape(3, 28, 28)), OptionalInt.empty());
        });
    }

    /** Two good images and one whose label is not a class. */
    static byte[] labeledBeyondTheClasses() throws IOException {
        return write(writer -> {
            writer.add("first", blank(SHAPE), OptionalInt.of(0));
            writer.add("last", blank(SHAPE), OptionalInt.of(9));
            writer.add("no-such-class", blank(SHAPE), OptionalInt.of(10));
        });
    }

    private static ImageSet images(int from, int to) throws IOException {
        return TinyTask.train().withoutLabels().subset(IntStream.range(from, to).toArray());
    }

    private static byte[] blank(ImageShape shape) {
        return ImageCodec.png(shape, new byte[shape.size()]);
    }

    private interface Content {
        void writeTo(ShardWriter writer) throws IOException;
    }

    private static byte[] write(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            content.writeTo(writer);
        }
        return bytes.toByteArray();
    }
}
