package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.UploadedImages;
import dev.tutelage.learning.data.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedShardsTest {
    @TempDir
    private Path directory;

    private UploadMaker maker;

    @BeforeEach
    void open() throws Exception {
        maker = new UploadMaker(directory);
    }

    @AfterEach
    void close() throws Exception {
        maker.close();
    }

    @Test
    void imagesOfManyUploadsShareShards() throws Exception {
        Upload a = maker.upload("a", 3);
        Upload b = maker.upload("b", 6);
        try (PackedShards packed = pack(List.of(a, b))) {
            List<PackedShards.Shard> shards = packed.shards();
            assertThat(shards).extracting(PackedShards.Shard::images).containsExactly(4, 4, 1);
            assertThat(packed.of(a)).containsExactly(images(shards.get(0), 3));
            assertThat(packed.of(b))
                    .containsExactly(images(shards.get(0), 1), images(shards.get(1), 4), images(shards.get(2), 1));
            assertThat(shards)
                    .allSatisfy(shard -> assertThat(Sha256.of(shard.file())).isEqualTo(shard.digest()));
            // The key is the same for all, so each but the first has another one.
            assertThat(contents(shards.get(0).file())).containsExactly(0, 1, 2, 0);
        }
    }

    @Test
    void equalImagesOfEqualKeysAreAllIn() throws Exception {
        byte[] same = {7};
        Upload upload = maker.upload("a", same, same, same);
        try (PackedShards packed = pack(List.of(upload))) {
            assertThat(contents(packed.shards().get(0).file())).containsExactly(7, 7, 7);
        }
    }

    @Test
    void aShardIsClosedBeforeItHasTooManyBytes() throws Exception {
        byte[] half = new byte[UploadMaker.SHARD_BYTES / 2];
        Upload upload = maker.upload("a", half, half, half);
        try (PackedShards packed = pack(List.of(upload))) {
            assertThat(packed.shards()).extracting(PackedShards.Shard::images).containsExactly(1, 1, 1);
        }
    }

    @Test
    void filesAreGoneWhenTheyAreNotNeeded() throws Exception {
        Upload upload = maker.upload("a", 9);
        pack(List.of(upload)).close();
        upload.file().close();
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).singleElement().satisfies(file -> assertThat(file)
                    .hasFileName("lock"));
        }
    }

    @Test
    void theSpoolHasALimit() throws Exception {
        byte[] large = new byte[600 << 10];
        Upload first = maker.upload("a", large);
        assertThatExceptionOfType(SpoolFullException.class).isThrownBy(() -> maker.upload("b", large));
        first.file().close();
        assertThat(maker.upload("c", large).bytes()).isEqualTo(large.length);
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatALivingOneHasIsNot() throws Exception {
        Path root = directory.resolve("root");
        Path killed = Files.createDirectories(root.resolve("killed"));
        Files.createFile(killed.resolve("lock"));
        Files.createFile(killed.resolve("x.images"));
        Spool living = new Spool(root, 1);
        Spool another = new Spool(root, 1);
        assertThat(killed).doesNotExist();
        try (Stream<Path> directories = Files.list(root)) {
            assertThat(directories).hasSize(2);
        }
        living.close();
        another.close();
    }

    private PackedShards pack(List<Upload> uploads) throws IOException {
        return PackedShards.of(uploads, () -> maker.spool().path(".tar"));
    }

    private static UploadedImages images(PackedShards.Shard shard, int images) {
        return UploadedImages.newBuilder()
                .setShard(shard.digest())
                .setImages(images)
                .build();
    }

    /** The only byte of each image. */
    private static List<Integer> contents(Path file) throws IOException {
        List<Integer> bytes = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (tar.getNextEntry() != null) {
                bytes.add(tar.read());
            }
        }
        return bytes;
    }
}
