package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pixels in mapped files are the same pixels. */
class MappedImagesTest {
    @TempDir
    private Path directory;

    @Test
    void mappedImagesEqualThoseOnTheHeapEvenWhenTheirFileIsGone() throws IOException {
        ImageSet original = FashionMnist.test().subset(IntStream.range(0, 500).toArray());
        Path shard = shard(original);
        ImageSet mapped = mapped(shard, original.shape());
        Files.delete(directory.resolve("pixels"));
        assertThat(mapped).hasToString(original.toString());
        for (int i = 0; i < original.size(); i++) {
            assertThat(mapped.pixels(i)).isEqualTo(original.pixels(i));
            assertThat(mapped.key(i)).isEqualTo(original.key(i));
            assertThat(mapped.digest(i)).isEqualTo(original.digest(i));
            assertThat(mapped.label(i)).isEqualTo(original.label(i));
        }
        int[] chosen = {499, 0, 250, 0};
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] expected = original.batch(manager, chosen).toFloatArray();
            assertThat(mapped.batch(manager, chosen).toFloatArray()).isEqualTo(expected);
            ImageSet mixed = ImageSet.concat(List.of(original, mapped)).subset(new int[] {999, 0, 750, 500});
            assertThat(mixed.batch(manager, new int[] {0, 1, 2, 3}).toFloatArray())
                    .isEqualTo(expected);
        }
    }

    /** 150 MB of pixels. */
    @Test
    void theHeapStaysSmall() throws IOException {
        ImageShape shape = new ImageShape(3, 224, 224);
        Path shard = directory.resolve("large.tar");
        byte[] dot = ImageCodec.png(new ImageShape(3, 1, 1), new byte[] {1, 2, 3});
        int count = 1000;
        try (ShardWriter writer = new ShardWriter(Files.newOutputStream(shard))) {
            for (int i = 0; i < count; i++) {
                writer.add("dot-" + i, dot, OptionalInt.of(0));
            }
        }
        long before = heapInUse();
        ImageSet images = mapped(shard, shape);
        assertThat(images.size()).isEqualTo(count);
        assertThat(Files.size(directory.resolve("pixels"))).isEqualTo((long) count * shape.size());
        assertThat(heapInUse() - before).isLessThan(10 << 20);
        byte[] last = images.pixels(count - 1);
        assertThat(List.of(last[0], last[shape.size() / 2], last[shape.size() - 1]))
                .containsExactly((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Files.createFile(directory.resolve("pixels"));
        Path shard = shard(FashionMnist.test().subset(new int[] {0}));
        assertThatThrownBy(() -> mapped(shard, new ImageShape(1, 28, 28)))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aShardWithoutImagesMapsToNone() throws IOException {
        Path shard = directory.resolve("empty.tar");
        Files.write(shard, new byte[1024]);
        assertThat(mapped(shard, new ImageShape(1, 28, 28)).size()).isZero();
    }

    private Path shard(ImageSet images) throws IOException {
        Path shard = directory.resolve("shard.tar");
        try (OutputStream out = Files.newOutputStream(shard);
                ShardWriter writer = new ShardWriter(out)) {
            writer.addAll(images);
        }
        return shard;
    }

    private ImageSet mapped(Path shard, ImageShape shape) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(shard))) {
            return ShardReader.readMapped(
                            in, shape, OptionalInt.of(10), ShardLimits.DEFAULT, directory.resolve("pixels"))
                    .images();
        }
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
