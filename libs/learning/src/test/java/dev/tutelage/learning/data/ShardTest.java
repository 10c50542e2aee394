package dev.tutelage.learning.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class ShardTest {
    private static final ImageShape SHAPE = new ImageShape(1, 4, 4);
    private static final byte[] PNG = png(7);

    @Test
    void whatWasWrittenIsRead() throws IOException {
        byte[] shard = shard(3);
        ShardContents contents = read(shard, 10);
        assertThat(contents.damage()).isEmpty();
        assertThat(contents.rejected()).isEmpty();
        assertThat(contents.images()).hasToString("3 labeled images of 1x4x4");
        assertThat(contents.images().key(1)).isEqualTo("folder/image-1");
        assertThat(contents.images().label(2)).isEqualTo(OptionalInt.of(2));
        assertThat(contents.images().pixels(2)).containsOnly(2);
        assertThat(contents.images().digest(2)).isEqualTo(Sha256.of(png(2)));
    }

    @Test
    void equalImagesGiveEqualShards() throws IOException {
        assertThat(shard(3)).isEqualTo(shard(3));
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(again)) {
            writer.addAll(read(shard(3), 10).images());
        }
        assertThat(again.toByteArray()).isEqualTo(shard(3));
    }

    @Test
    void unlabeledReadingLooksAtNoLabels() throws IOException {
        byte[] shard = tar(Map.of("a.cls", "no number".getBytes(UTF_8), "a.png", PNG));
        ShardContents contents = ShardReader.read(new ByteArrayInputStream(shard), SHAPE);
        assertThat(contents.images()).hasToString("1 unlabeled images of 1x4x4");
        assertThat(contents.rejected()).isEmpty();
    }

    @Test
    void badImagesAndLabelsAreRejectedAndTheRestIsKept() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        sample(entries, "good", PNG, "3");
        sample(entries, "garbage", "GIF89a".getBytes(UTF_8), "3");
        sample(entries, "empty", new byte[0], "3");
        sample(entries, "torn", Arrays.copyOf(PNG, PNG.length / 2), "3");
        sample(entries, "glass", ImageCodec.png(new ImageShape(2, 4, 4), new byte[32]), "3");
        sample(entries, "colour", ImageCodec.png(new ImageShape(3, 4, 4), new byte[48]), "3");
        sample(entries, "word", PNG, "shirt");
        sample(entries, "outside", PNG, "10");
        sample(entries, "negative", PNG, "-1");
        sample(entries, "long", PNG, "9".repeat(10_000));
        entries.put("unlabeled.png", PNG);
        entries.put("imageless.cls", "3".getBytes(UTF_8));
        entries.put("notes.txt", "hello".getBytes(UTF_8));
        sample(entries, "good too", PNG, " 9\n");
        ShardContents contents = read(tar(entries), 10);

        assertThat(contents.damage()).isEmpty();
        assertThat(contents.images().size()).isEqualTo(2);
        assertThat(contents.images().label(1)).isEqualTo(OptionalInt.of(9));
        Map<String, String> reasons = new LinkedHashMap<>();
        contents.rejected().forEach(image -> reasons.put(image.key(), image.reason()));
        assertThat(reasons).hasSize(11);
        assertThat(reasons.get("garbage")).isEqualTo("is neither PNG, JPEG nor WebP (by its first bytes)");
        assertThat(reasons.get("empty")).isEqualTo("is empty");
        assertThat(reasons.get("torn")).startsWith("is not a readable png image");
        assertThat(reasons.get("glass")).startsWith("has an alpha channel");
        assertThat(reasons.get("colour")).startsWith("has 3 colour channels");
        assertThat(reasons.get("word")).isEqualTo("has a label that is not a whole number: \"shirt\"");
        assertThat(reasons.get("outside")).isEqualTo("has label 10, but the task's classes are 0 to 9");
        assertThat(reasons.get("negative")).contains("not a whole number");
        assertThat(reasons.get("long")).contains("longer than 32 bytes");
        assertThat(reasons.get("unlabeled")).isEqualTo("has no label (.cls entry)");
        assertThat(reasons.get("imageless")).isEqualTo("has a label but no image");
    }

    @Test
    void keysThatCannotBeShownAreRejected() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        sample(entries, "line\nbreak", PNG, "1");
        sample(entries, "folder/", PNG, "1");
        sample(entries, "k".repeat(600), PNG, "1");
        ShardContents contents = read(tar(entries), 10);
        assertThat(contents.images().size()).isZero();
        assertThat(contents.rejected())
                .extracting(RejectedImage::key)
                .containsExactly("line?break", "folder/", "k".repeat(100) + "...");
    }

    @Test
    void aKeyCountsOnce() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        sample(entries, "a", PNG, "1");
        sample(entries, "b", PNG, "1");
        entries.put("a.jpg", PNG);
        entries.put("a.json", PNG);
        entries.put("./a.cls", PNG);
        ShardContents contents = read(tar(entries), 10);
        assertThat(contents.images().size()).isEqualTo(2);
        assertThat(contents.rejected()).extracting(RejectedImage::key).containsExactly("a", "./a");
    }

    @Test
    void aShardTruncatedAnywhereKeepsWhatCameBefore() throws IOException {
        byte[] shard = shard(3);
        int end = 3 * 4 * 512;
        for (int length = 0; length < end; length += 7) {
            ShardContents contents = read(Arrays.copyOf(shard, length), 10);
            assertThat(contents.damage()).as("length %s", length).isPresent();
            assertThat(contents.images().size())
                    .as("length %s", length)
                    .isBetween(length / 2048, (length + 511) / 2048);
        }
        assertThat(read(Arrays.copyOf(shard, 2 * 2048 + 530), 10).damage().orElseThrow())
                .contains("in entry folder/image-2.png, whose content begins at byte 4608");
    }

    @Test
    void emptyAndForeignFilesAreDamage() throws IOException {
        assertThat(read(tar(Map.of()), 10).damage()).contains("the shard holds no images");
        assertThat(read(new byte[0], 10).damage().orElseThrow())
                .contains("the tar's end is missing (truncated?) at the start");
        byte[] garbage = new byte[20_000];
        new Random(1).nextBytes(garbage);
        assertThat(read(garbage, 10).damage()).isPresent();
        assertThat(read(garbage, 10).images().size()).isZero();
    }

    @Test
    void flippedBytesNeverThrow() throws IOException {
        byte[] shard = shard(3);
        Random random = new Random(2);
        for (int i = 0; i < 3000; i++) {
            byte[] hurt = shard.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                hurt[random.nextInt(3 * 2048)] = (byte) random.nextInt(256);
            }
            ShardContents contents = read(hurt, 10);
            assertThat(contents.images().size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void largeEntriesAreSkippedWithoutBeingHeld() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, "big.png", new byte[100_000]);
            put(tar, "big.cls", new byte[] {'1'});
            put(tar, "small.png", PNG);
            put(tar, "small.cls", new byte[] {'1'});
        }
        ShardContents contents = ShardReader.read(
                new ByteArrayInputStream(bytes.toByteArray()),
                SHAPE,
                OptionalInt.of(10),
                new ShardLimits(1000, 100, 1000, 10));
        assertThat(contents.images().key(0)).isEqualTo("small");
        assertThat(contents.rejected())
                .containsExactly(new RejectedImage("big", RejectionKind.TOO_LARGE, "has more than 1000 bytes"));
    }

    @Test
    void limitsStopTheReading() throws IOException {
        for (ShardLimits limits :
                new ShardLimits[] {new ShardLimits(1000, 4, 1000, 10), new ShardLimits(1000, 100, 32, 10)}) {
            ShardContents contents =
                    ShardReader.read(new ByteArrayInputStream(shard(9)), SHAPE, OptionalInt.of(10), limits);
            assertThat(contents.images().size()).isEqualTo(2);
            assertThat(contents.damage().orElseThrow()).contains("larger than this reader allows");
        }
    }

    @Test
    void aShardWithTooManyUnusableImagesIsDamagedWhereTheyBecomeTooMany() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 60; i++) {
            sample(entries, "image-" + i, i % 3 == 2 ? new byte[] {1} : PNG, "1");
        }
        ShardContents contents = ShardReader.read(
                new ByteArrayInputStream(tar(entries)),
                SHAPE,
                OptionalInt.of(10),
                new ShardLimits(1000, 1000, 9999, 4));
        assertThat(contents.damage().orElseThrow())
                .isEqualTo("more than 4 of its images are unusable; the last is image-14, and what comes after it was"
                        + " not looked at");
        assertThat(contents.images().size()).isEqualTo(10);
        assertThat(contents.rejected()).hasSize(5);
        assertThat(ShardReader.read(
                                new ByteArrayInputStream(tar(entries)),
                                SHAPE,
                                OptionalInt.of(10),
                                new ShardLimits(1000, 1000, 9999, 20))
                        .damage())
                .isEmpty();
    }

    @Test
    void aLongNameCannotFillTheMemory() throws IOException {
        TarArchiveEntry bomb = new TarArchiveEntry("././@LongLink", TarArchiveEntry.LF_GNUTYPE_LONGNAME);
        bomb.setSize(8_000_000_000L);
        byte[] header = new byte[512];
        bomb.writeEntryHeader(header);
        try (InputStream endless = new SequenceInputStream(new ByteArrayInputStream(header), new Endless())) {
            ShardContents contents = ShardReader.read(endless, SHAPE, 10);
            assertThat(contents.damage().orElseThrow()).contains("header is larger than 1048576 bytes");
        }
    }

    @Test
    void aBrokenConnectionIsNotTheShardsFault() {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(PNG), new Broken());
        assertThatThrownBy(() -> ShardReader.read(broken, SHAPE, 10))
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
    }

    @Test
    void theWriterRefusesKeysThatWouldNotComeBack() throws IOException {
        try (ShardWriter writer = new ShardWriter(new ByteArrayOutputStream())) {
            writer.add("a", PNG, OptionalInt.empty());
            assertThatThrownBy(() -> writer.add("a", PNG, OptionalInt.empty())).hasMessageContaining("already");
            assertThatThrownBy(() -> writer.add("a.b", PNG, OptionalInt.empty()))
                    .hasMessageContaining("a dot");
            assertThatThrownBy(() -> writer.add("", PNG, OptionalInt.empty())).hasMessageContaining("empty");
        }
    }

    @Test
    void longAndForeignNamesSurvive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String key = "Größe/" + "x".repeat(200);
        try (ShardWriter writer = new ShardWriter(bytes)) {
            writer.add(key, PNG, OptionalInt.of(0));
        }
        ShardContents contents = read(bytes.toByteArray(), 1);
        assertThat(contents.images().key(0)).isEqualTo(key);
    }

    private static byte[] png(int value) {
        byte[] pixels = new byte[SHAPE.size()];
        Arrays.fill(pixels, (byte) value);
        return ImageCodec.png(SHAPE, pixels);
    }

    private static byte[] shard(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            for (int i = 0; i < count; i++) {
                writer.add("folder/image-" + i, png(i), OptionalInt.of(i));
            }
        }
        return bytes.toByteArray();
    }

    private static ShardContents read(byte[] shard, int classes) throws IOException {
        return ShardReader.read(new ByteArrayInputStream(shard), SHAPE, classes);
    }

    private static void sample(Map<String, byte[]> entries, String key, byte[] image, String label) {
        entries.put(key + ".png", image);
        entries.put(key + ".cls", label.getBytes(UTF_8));
    }

    private static byte[] tar(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(tar, entry.getKey(), entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return read();
        }
    }

    /** As many 'x' as anyone reads. */
    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'x';
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            Arrays.fill(bytes, from, from + length, (byte) 'x');
            return length;
        }
    }
}
