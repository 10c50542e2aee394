package dev.tutelage.learning.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Shards of a size, written to a folder. They are in a folder within it until all are whole, so that nobody takes a part
 * for the whole.
 */
final class ShardFiles implements AutoCloseable {
    private static final String NAME = "shard-%06d.tar";
    private static final String ANY = "shard-*.tar";

    private final Path directory;
    private final Path unfinished;
    private final int shardSize;
    private final List<Integer> sizes = new ArrayList<>();
    private Optional<ShardWriter> writer = Optional.empty();

    /**
     * Begins to write.
     *
     * @param directory made if it is not there; must hold no shards
     * @param shardSize images in a shard, but for the last
     */
    ShardFiles(Path directory, int shardSize) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.shardSize = shardSize;
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(directory, ANY)) {
            if (shards.iterator().hasNext()) {
                throw new IOException(directory + " holds shards already: name another folder");
            }
        }
        this.unfinished = Files.createTempDirectory(directory, ".unfinished-");
    }

    void add(String key, byte[] encoded, OptionalInt label) throws IOException {
        int last = sizes.size() - 1;
        if (last < 0 || sizes.get(last) == shardSize) {
            endShard();
            sizes.add(0);
            last++;
            writer = Optional.of(new ShardWriter(new BufferedOutputStream(Files.newOutputStream(file(last)), 1 << 16)));
        }
        writer.orElseThrow().add(key, encoded, label);
        sizes.set(last, sizes.get(last) + 1);
    }

    /** Ends the last shard and puts all in their place. */
    List<PackedImages.Shard> finish() throws IOException {
        endShard();
        List<PackedImages.Shard> shards = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            Path shard = Files.move(file(i), directory.resolve(file(i).getFileName()));
            shards.add(new PackedImages.Shard(shard.getFileName().toString(), sizes.get(i), Sha256.of(shard)));
        }
        return shards;
    }

    private void endShard() throws IOException {
        if (writer.isPresent()) {
            writer.get().close();
            writer = Optional.empty();
        }
    }

    private Path file(int number) {
        return unfinished.resolve(NAME.formatted(number));
    }

    /** Removes what was not finished. */
    @Override
    public void close() throws IOException {
        endShard();
        for (int i = 0; i < sizes.size(); i++) {
            Files.deleteIfExists(file(i));
        }
        Files.delete(unfinished);
    }
}
