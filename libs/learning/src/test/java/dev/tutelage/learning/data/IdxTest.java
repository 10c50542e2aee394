package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static final byte[] IMAGES = hex("00000803 00000002 00000001 00000003 000102 0a0bff");
    private static final byte[] LABELS = hex("00000801 00000002 09ff");

    @TempDir
    Path folder;

    @Test
    void plainAndGzippedFilesAreRead() throws IOException {
        Path gzipped = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
            out.write(IMAGES);
        }
        ImageSet images = Idx.labeled(gzipped, file("labels", LABELS));
        assertThat(images).hasToString("2 labeled images of 1x1x3");
        assertThat(images.pixels(1)).containsExactly(10, 11, -1);
        assertThat(images.label(1)).isEqualTo(OptionalInt.of(255));
        assertThat(images.key(1)).isEqualTo("000001");
        assertThat(images.digest(1)).isEqualTo(Sha256.of(ImageCodec.png(images.shape(), images.pixels(1))));
        assertThat(Idx.images(file("plain", IMAGES)).pixels(0)).containsExactly(0, 1, 2);
    }

    @Test
    void theSampleIsWhole() throws IOException {
        Path sample = Path.of("../../samples/fashion-mnist");
        int[] labels = Idx.labels(sample.resolve("test-labels-idx1-ubyte.gz"));
        assertThat(labels).hasSize(2000);
        assertThat(Arrays.stream(labels).filter(label -> label == 9)).hasSize(200);
        assertThat(Idx.images(sample.resolve("test-images-idx3-ubyte.gz")))
                .hasToString("2000 unlabeled images of 1x28x28");
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Path images = file("images", IMAGES);
        assertThatThrownBy(() -> Idx.labels(images)).hasMessageContaining("starts with 0x00000803, not 0x00000801");
        assertThatThrownBy(() -> Idx.images(file("torn", Arrays.copyOf(IMAGES, 20))))
                .hasMessageEndingWith("torn is truncated in image 1 of 2");
        assertThatThrownBy(() -> Idx.images(file("empty", new byte[0]))).hasMessageContaining("truncated or damaged");
        assertThatThrownBy(() -> Idx.images(file("gz", hex("1f8b0800")))).hasMessageContaining("truncated or damaged");
        assertThatThrownBy(() -> Idx.images(file("huge", hex("00000803 7fffffff 7fffffff 7fffffff"))))
                .hasMessageContaining("2147483647 x 2147483647");
        assertThatThrownBy(() -> Idx.labels(file("many", hex("00000801 7fffffff 00"))))
                .hasMessageEndingWith("is truncated in 2147483647 labels");
        assertThatThrownBy(() -> Idx.labeled(images, file("one", hex("00000801 00000001 00"))))
                .hasMessageContaining("2 images, but")
                .hasMessageContaining("1 labels");
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
