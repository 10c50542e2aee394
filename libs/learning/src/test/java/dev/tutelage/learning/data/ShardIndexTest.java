package dev.tutelage.learning.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShardIndexTest {
    private static final ImageShape SHAPE = new ImageShape(1, 4, 4);
    private static final byte[] GARBAGE = "no image at all".getBytes(UTF_8);

    @Test
    void usableOrNotAnImageIsThere() throws IOException {
        ShardIndex index = index(shard());
        assertThat(index.damage()).isEmpty();
        assertThat(index.images())
                .containsExactly(
                        image("a/first", png(1)),
                        image("garbage", GARBAGE),
                        image("b", png(2)),
                        image("again", png(1)));
    }

    /** Reading knows the same images by the same digests, and tells what it leaves out by the same keys. */
    @Test
    void everyImageIsReadOrRejected() throws IOException {
        byte[] shard = shard();
        ShardContents read = ShardReader.read(new ByteArrayInputStream(shard), SHAPE);
        Map<String, String> expected = new HashMap<>();
        for (int i = 0; i < read.images().size(); i++) {
            expected.put(read.images().key(i), read.images().digest(i));
        }
        read.rejected().forEach(rejected -> expected.put(rejected.key(), Sha256.of(GARBAGE)));
        assertThat(index(shard).images().stream()
                        .collect(Collectors.toMap(
                                ShardIndex.Image::key, image -> image.digest().orElseThrow())))
                .isEqualTo(expected);
    }

    @Test
    void whatComesBeforeTheDamageIsThere() throws IOException {
        byte[] shard = shard();
        ShardIndex index = index(Arrays.copyOf(shard, 1024 + 512 + 7));
        assertThat(index.damage()).isPresent();
        assertThat(index.images().get(0)).isEqualTo(image("a/first", png(1)));
        assertThat(index.images()).hasSizeLessThan(4);
        assertThat(index(new byte[10240]).images()).isEmpty();
    }

    private static byte[] shard() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            writer.add("a/first", png(1), OptionalInt.empty());
            writer.add("garbage", GARBAGE, OptionalInt.empty());
            writer.add("b", png(2), OptionalInt.of(3));
            writer.add("again", png(1), OptionalInt.empty());
        }
        return bytes.toByteArray();
    }

    private static ShardIndex index(byte[] shard) throws IOException {
        return ShardIndex.read(new ByteArrayInputStream(shard));
    }

    private static ShardIndex.Image image(String key, byte[] encoded) {
        return new ShardIndex.Image(key, Optional.of(Sha256.of(encoded)));
    }

    private static byte[] png(int value) {
        byte[] pixels = new byte[SHAPE.size()];
        Arrays.fill(pixels, (byte) value);
        return ImageCodec.png(SHAPE, pixels);
    }
}
