package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.ShardContents;
import dev.tutelage.learning.data.ShardLimits;
import dev.tutelage.learning.data.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The first images of the shards that people looked at last, decoded. One shard is fetched at a time. */
@ApplicationScoped
public class ShardImages {
    private final StoredFiles files;
    private final ConsoleSettings settings;
    /** In the order in which they were looked at, the last at the end. */
    private final Map<Wanted, ShardContents> atHand = new LinkedHashMap<>();

    private record Wanted(String shard, ImageShape shape, OptionalInt classes) {}

    public ShardImages(StoredFiles files, ConsoleSettings settings) {
        this.files = files;
        this.settings = settings;
    }

    /**
     * The first images of a shard, in the shape of its task.
     *
     * @throws UnseenException if they cannot be looked at
     */
    synchronized ShardContents of(TaskDeclared task, ShardAdded shard) throws UnseenException {
        ImageShape shape = new ImageShape(
                task.getImage().getChannels(),
                task.getImage().getHeight(),
                task.getImage().getWidth());
        OptionalInt classes = shard.getLabeled() ? OptionalInt.of(task.getClassesCount()) : OptionalInt.empty();
        Wanted wanted = new Wanted(shard.getShard().getDigest(), shape, classes);
        Optional<ShardContents> known = Optional.ofNullable(atHand.remove(wanted));
        ShardContents contents =
                known.isPresent() ? known.get() : files.read(shard.getShard(), file -> read(file, wanted));
        atHand.put(wanted, contents);
        if (atHand.size() > settings.shardsAtHand()) {
            atHand.remove(atHand.keySet().iterator().next());
        }
        return contents;
    }

    /** Pixels are in a file without a name, so that they take no heap. */
    private ShardContents read(Path file, Wanted wanted) throws IOException {
        ShardLimits limits = new ShardLimits(
                ShardLimits.DEFAULT.entryBytes(),
                ShardLimits.DEFAULT.entries(),
                (long) settings.imagesPerShard() * wanted.shape().size(),
                ShardLimits.DEFAULT.rejected());
        Path pixels = file.resolveSibling("pixels");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return ShardReader.readMapped(in, wanted.shape(), wanted.classes(), limits, pixels);
        } finally {
            Files.deleteIfExists(pixels);
        }
    }

    /** What is wrong with a shard, if anything is; that only its first images are read is not. */
    Optional<String> damage(ShardContents contents) {
        return contents.damage().filter(text -> contents.images().size() < settings.imagesPerShard());
    }
}
