package dev.tutelage.learning.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tutelage.learning.data.ClassNames;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.ImageSource;
import dev.tutelage.learning.data.PackedImages;
import dev.tutelage.learning.data.Packing;
import dev.tutelage.learning.data.RejectionLimit;
import dev.tutelage.learning.data.SourceFormat;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Packs images from where they are into shards. Request and answer are JSON, each a line. */
public final class PackShards {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private PackShards() {}

    /**
     * What is asked for.
     *
     * @param source a file or folder
     * @param format its format
     * @param split the part of it that is wanted
     * @param classes names in the task's order, none for shards without labels
     * @param image the shape of the task's images
     * @param directory where shards are written to
     * @param shardSize images in a shard
     * @param maxRejected a number or percent
     * @param resize whether images are brought to the shape now
     * @param seed of the order
     */
    public record Request(
            String source,
            SourceFormat format,
            Optional<String> split,
            List<String> classes,
            ImageShape image,
            String directory,
            int shardSize,
            String maxRejected,
            boolean resize,
            long seed) {

        /** As one line. */
        public String json() {
            return write(this);
        }
    }

    /**
     * What came of it.
     *
     * @param packed what was packed, unless something failed
     * @param failure why it failed, for people
     */
    public record Answer(Optional<PackedImages> packed, Optional<String> failure) {

        /** Reads the line that the program printed last. */
        public static Answer ofJson(String line) throws IOException {
            return JSON.readValue(line, Answer.class);
        }
    }

    /**
     * Packs, and prints the answer. What is wrong with the source is an answer too.
     *
     * @param arguments the request as JSON
     */
    public static void main(String[] arguments) throws IOException {
        System.out.println(write(answer(JSON.readValue(arguments[0], Request.class))));
    }

    static Answer answer(Request request) {
        try {
            return new Answer(Optional.of(pack(request)), Optional.empty());
        } catch (IOException e) {
            return new Answer(Optional.empty(), Optional.of(told(e)));
        }
    }

    /** The JDK's own exceptions say little more than a path. */
    private static String told(IOException e) {
        if (e instanceof FileSystemException failure) {
            String why = e instanceof NoSuchFileException ? "is not there" : "cannot be read or written";
            return failure.getFile() + " " + why
                    + Optional.ofNullable(failure.getReason())
                            .map(reason -> ": " + reason)
                            .orElse("");
        }
        return e.getMessage();
    }

    private static PackedImages pack(Request request) throws IOException {
        ImageSource source = request.format()
                .open(Path.of(request.source()), new SourceFormat.Options(request.split(), request.seed()));
        Packing.Settings settings = new Packing.Settings(
                request.image(),
                request.classes().isEmpty() ? Optional.empty() : Optional.of(new ClassNames(request.classes())),
                request.shardSize(),
                RejectionLimit.parse(request.maxRejected()),
                request.resize());
        return Packing.run(source, settings, Path.of(request.directory()));
    }

    /** What was packed, as one line. */
    public static String json(PackedImages packed) {
        return write(packed);
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours cannot be written as JSON", e);
        }
    }
}
