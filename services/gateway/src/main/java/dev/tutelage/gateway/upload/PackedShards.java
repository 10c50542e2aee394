package dev.tutelage.gateway.upload;

import dev.tutelage.control.ingest.OpenShard;
import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.UploadedImages;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The images of some uploads of one target, packed into shards on the local disk. */
final class PackedShards implements Closeable {
    private final Supplier<Path> paths;
    private final List<Shard> shards = new ArrayList<>();
    /** Of each upload, by its id, in which shards its images are. */
    private final Map<String, List<UploadedImages>> places = new LinkedHashMap<>();
    /** Of each upload, by its id, how many of its images are in the shard that is open. */
    private final Map<String, Integer> inOpen = new LinkedHashMap<>();

    private Optional<Open> open = Optional.empty();

    /** A shard that is whole. */
    record Shard(Path file, String digest, int images) {}

    private record Open(Path file, OpenShard shard) {}

    private PackedShards(Supplier<Path> paths) {
        this.paths = paths;
    }

    /**
     * Packs uploads in their order; the next shard is begun when one is full.
     *
     * @param uploads of one target
     * @param paths gives each shard a file
     */
    static PackedShards of(List<Upload> uploads, Supplier<Path> paths) throws IOException {
        PackedShards packed = new PackedShards(paths);
        try {
            for (Upload upload : uploads) {
                for (UsableImage image : upload.usable()) {
                    packed.add(upload, image);
                }
            }
            packed.seal();
            return packed;
        } catch (IOException | RuntimeException e) {
            packed.close();
            throw e;
        }
    }

    List<Shard> shards() {
        return List.copyOf(shards);
    }

    /** In which shards the images of an upload are, in its order. */
    List<UploadedImages> of(Upload upload) {
        return places.getOrDefault(upload.id(), List.of());
    }

    private void add(Upload upload, UsableImage image) throws IOException {
        PackingLimits limits = upload.limits();
        boolean labeled = image.label().isPresent();
        if (open.filter(each -> each.shard().isFullFor(image.length(), labeled, limits))
                .isPresent()) {
            seal();
        }
        if (open.isEmpty()) {
            Path file = paths.get();
            open = Optional.of(new Open(file, new OpenShard(file)));
        }
        open.get().shard().add(image.key(), upload.file().read(image), image.label(), image.digest());
        inOpen.merge(upload.id(), 1, Integer::sum);
    }

    private void seal() throws IOException {
        if (open.isEmpty()) {
            return;
        }
        Open full = open.get();
        open = Optional.empty();
        try (OpenShard shard = full.shard()) {
            Shard sealed = new Shard(full.file(), shard.seal(), shard.images());
            shards.add(sealed);
            inOpen.forEach((upload, images) -> places.computeIfAbsent(upload, none -> new ArrayList<>())
                    .add(UploadedImages.newBuilder()
                            .setShard(sealed.digest())
                            .setImages(images)
                            .build()));
            inOpen.clear();
        }
    }

    /** Removes the files. */
    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            open.get().shard().close();
            Files.deleteIfExists(open.get().file());
        }
        for (Shard shard : shards) {
            Files.deleteIfExists(shard.file());
        }
    }
}
