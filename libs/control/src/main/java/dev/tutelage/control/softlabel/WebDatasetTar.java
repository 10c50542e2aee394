package dev.tutelage.control.softlabel;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The same as {@link WebDatasetLabels} in one tar, as it can be sent: what would be {@code name} in a shard's tar is {@code
 * digest/name}, since two shards may have images of one name.
 */
public final class WebDatasetTar implements LabelSink {
    static final String EXTENSION = ".tar";

    /** Nothing else may become a file's name. */
    private static final Pattern PLACE = Pattern.compile("([0-9a-f]{64})/(.+)", Pattern.DOTALL);

    private final ShardWriter out;
    private final List<String> classes;
    private final ArtifactStore store;

    /** Writes to a stream, which {@link #close()} closes. */
    public WebDatasetTar(OutputStream out, List<String> classes, ArtifactStore store) {
        this.out = new ShardWriter(out);
        this.classes = List.copyOf(classes);
        this.store = store;
    }

    @Override
    public void add(ShardAdded shard, String teacher, List<SoftLabel> labels) throws IOException {
        LabeledShard labeled = new LabeledShard(shard, classes, teacher, labels);
        labeled.copy(store, Files.createTempFile("shard-", EXTENSION), labeled.digest() + "/", out);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /**
     * Makes of one tar the directory that {@link WebDatasetLabels} writes.
     *
     * @param tar which the caller closes
     * @param output directory to make
     * @return how many images there are
     * @throws java.nio.file.FileAlreadyExistsException if there is something already
     * @throws IOException also if the tar is not one of these
     */
    public static long split(InputStream tar, Path output) throws IOException {
        Path directory = Files.createDirectory(output);
        long images = 0;
        try (Shards shards = new Shards(directory)) {
            TarArchiveInputStream in =
                    new TarArchiveInputStream(new BufferedInputStream(tar), StandardCharsets.UTF_8.name());
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Matcher place = PLACE.matcher(entry.getName());
                if (!place.matches()) {
                    throw new IOException("entry '" + entry.getName() + "' of the tar is in no shard's directory");
                }
                shards.of(place.group(1)).addEntry(place.group(2), in.readAllBytes());
                images += entry.getName().endsWith(".cls") ? 1 : 0;
            }
        }
        return images;
    }

    /** The tar that is being written; the entries of a shard come one after the other. */
    private static final class Shards implements AutoCloseable {
        private final Path directory;
        private String digest = "";
        private ShardWriter open = new ShardWriter(OutputStream.nullOutputStream());

        Shards(Path directory) {
            this.directory = directory;
        }

        ShardWriter of(String shard) throws IOException {
            if (!shard.equals(digest)) {
                open.close();
                open = new ShardWriter(new BufferedOutputStream(
                        Files.newOutputStream(directory.resolve(shard + EXTENSION), StandardOpenOption.CREATE_NEW)));
                digest = shard;
            }
            return open;
        }

        @Override
        public void close() throws IOException {
            open.close();
        }
    }
}
