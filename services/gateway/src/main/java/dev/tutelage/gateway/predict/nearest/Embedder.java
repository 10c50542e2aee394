package dev.tutelage.gateway.predict.nearest;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.gateway.predict.ImageValues;
import dev.tutelage.gateway.predict.Student;
import dev.tutelage.gateway.predict.nearest.EmbeddedShard.Member;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.ShardLimits;
import dev.tutelage.learning.data.ShardReader;
import dev.tutelage.learning.label.Answer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Reads the first images of shards, and has a student's encoder look at them. */
@ApplicationScoped
public class Embedder {
    /** Of one shard, decoded; of large images that are fewer than were asked for. */
    private static final long DECODED_BYTES = 16L << 20;
    /** Whoever asks the student meanwhile waits for so many at most. */
    private static final int BATCH = 16;

    private final StoredFiles files;

    public Embedder(StoredFiles files) {
        this.files = files;
    }

    /** The images of a portion; one that cannot be read says why. */
    EmbeddedShard embed(Student student, Portion portion) {
        ShardAdded shard = portion.shard();
        OptionalInt classes =
                shard.getLabeled() ? OptionalInt.of(student.classes().size()) : OptionalInt.empty();
        try {
            ImageSet images = files.read(shard.getShard(), file -> read(file, student.images(), classes, portion));
            List<Member> members = IntStream.range(0, Math.min(portion.images(), images.size()))
                    .mapToObj(i -> new Member(images.digest(i), label(images, i, student.classes())))
                    .toList();
            return embed(student, portion, images, members);
        } catch (UnseenException e) {
            return EmbeddedShard.failed(
                    portion, "Shard " + portion.digest() + " cannot be compared. " + e.getMessage());
        }
    }

    private static ImageSet read(Path file, ImageShape shape, OptionalInt classes, Portion portion) throws IOException {
        ShardLimits limits = new ShardLimits(
                ShardLimits.DEFAULT.entryBytes(),
                ShardLimits.DEFAULT.entries(),
                Math.max(shape.size(), Math.min(DECODED_BYTES, (long) portion.images() * shape.size())),
                ShardLimits.DEFAULT.rejected());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return ShardReader.read(in, shape, classes, limits).images();
        }
    }

    private static Optional<String> label(ImageSet images, int image, List<String> classes) {
        OptionalInt label = images.label(image);
        return label.isPresent() ? Optional.of(classes.get(label.getAsInt())) : Optional.empty();
    }

    private static EmbeddedShard embed(Student student, Portion portion, ImageSet images, List<Member> members) {
        float[] features = new float[0];
        int width = 0;
        for (int from = 0; from < members.size(); from += BATCH) {
            int count = Math.min(BATCH, members.size() - from);
            Answer answer = student.look(values(images, from, count), count);
            for (int i = 0; i < count; i++) {
                float[] own = answer.features(i);
                if (features.length == 0) {
                    width = own.length;
                    features = new float[members.size() * width];
                }
                System.arraycopy(own, 0, features, (from + i) * width, width);
            }
        }
        return EmbeddedShard.of(portion, members, features, width);
    }

    private static FloatBuffer values(ImageSet images, int from, int count) {
        FloatBuffer values = FloatBuffer.allocate(count * images.shape().size());
        for (int i = from; i < from + count; i++) {
            ImageValues.put(images.pixels(i), values);
        }
        return values.flip();
    }
}
