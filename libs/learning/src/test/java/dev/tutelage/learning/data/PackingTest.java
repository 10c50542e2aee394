package dev.tutelage.learning.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole packings: what a reader of the shards sees is what was in the source. */
class PackingTest {
    private static final ClassNames CLASSES = new ClassNames(
            List.of("top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"));

    @TempDir
    private Path directory;

    @Test
    void aFolderOfRealImagesComesBackWhole() throws Exception {
        ImageSet images = FashionMnist.test().subset(IntStream.range(0, 250).toArray());
        Path folder = folder(images);
        PackedImages packed = Packing.run(
                new FolderSource(folder, new Seed(1)),
                settings(images.shape(), Optional.of(CLASSES), 100, "1%"),
                directory.resolve("shards"));

        assertThat(packed.images()).isEqualTo(250);
        assertThat(packed.rejected()).isZero();
        assertThat(packed.shards().stream().map(PackedImages.Shard::images)).containsExactly(100, 100, 50);
        assertThat(packed.perClass().keySet()).containsExactlyElementsOf(CLASSES.names());
        ImageSet back = read(packed, images.shape(), OptionalInt.of(10));
        assertThat(contents(back)).isEqualTo(contents(images));
        for (int label = 0; label < 10; label++) {
            int wanted = label;
            long count = IntStream.range(0, 250)
                    .filter(i -> images.label(i).orElseThrow() == wanted)
                    .count();
            assertThat((long) packed.perClass().get(CLASSES.names().get(label))).isEqualTo(count);
        }
        assertThat(IntStream.range(0, 100)
                        .map(i -> back.label(i).orElseThrow())
                        .distinct()
                        .count())
                .as("classes in the first shard")
                .isGreaterThan(5);
    }

    @Test
    void packingTwiceGivesTheSameShards() throws Exception {
        Path folder = folder(FashionMnist.test().subset(IntStream.range(0, 60).toArray()));
        List<PackedImages> twice = new ArrayList<>();
        for (String name : List.of("once", "again")) {
            twice.add(Packing.run(
                    new FolderSource(folder, new Seed(1)),
                    settings(new ImageShape(1, 28, 28), Optional.of(CLASSES), 25, "1%"),
                    directory.resolve(name)));
        }
        assertThat(twice.get(0)).isEqualTo(twice.get(1));
    }

    /** 32 pixels of width and height, random labels and colours. */
    @Test
    void cifarComesBackWhole() throws Exception {
        Random random = new Random(1);
        byte[] records = new byte[30 * 3073];
        random.nextBytes(records);
        for (int i = 0; i < 30; i++) {
            records[i * 3073] = (byte) random.nextInt(10);
        }
        Path file = Files.write(directory.resolve("data_batch_1.bin"), records);
        ImageShape shape = new ImageShape(3, 32, 32);
        PackedImages packed = Packing.run(
                new CifarSource(CifarSource.Kind.CIFAR10, List.of(file)),
                settings(shape, Optional.of(CLASSES), 1000, "0"),
                directory.resolve("shards"));
        ImageSet back = read(packed, shape, OptionalInt.of(10));
        assertThat(back.size()).isEqualTo(30);
        for (int i = 0; i < 30; i++) {
            assertThat(back.label(i).orElseThrow()).isEqualTo(records[i * 3073]);
            byte[] expected = new byte[3072];
            System.arraycopy(records, i * 3073 + 1, expected, 0, 3072);
            assertThat(back.pixels(i)).isEqualTo(expected);
        }
    }

    @Test
    void whatCannotBeUsedIsToldByKeyAndLeftOut() throws Exception {
        folder(FashionMnist.test().subset(IntStream.range(0, 20).toArray()));
        Path table = Files.writeString(directory.resolve("table.csv"), table(20) + """
                gone.png,top
                images/top/broken.png,top
                images/0.png,hat
                images/1.png,
                images/2.png,trouser
                """);
        Files.writeString(directory.resolve("images/top/broken.png"), "no image", UTF_8);
        ImageSource source = new CsvSource(table, Optional.empty(), new Seed(1));
        ImageShape shape = new ImageShape(1, 28, 28);
        PackedImages packed =
                Packing.run(source, settings(shape, Optional.of(CLASSES), 1000, "5"), directory.resolve("shards"));
        assertThat(packed.images()).isEqualTo(20);
        assertThat(packed.rejected()).isEqualTo(5);
        assertThat(packed.reasons().stream().map(image -> image.key() + " " + image.reason()))
                .containsExactlyInAnyOrder(
                        "gone is not there (table.csv line 22)",
                        "images/top/broken is neither PNG, JPEG nor WebP (by its first bytes)",
                        "images/0 is not there (table.csv line 24)",
                        "images/1 is not there (table.csv line 25)",
                        "images/2 is not there (table.csv line 26)");
        assertThat(read(packed, shape, OptionalInt.of(10)).size()).isEqualTo(20);
    }

    @Test
    void tooManyUnusableImagesStopItAndLeaveNothing() throws Exception {
        folder(FashionMnist.test().subset(IntStream.range(0, 20).toArray()));
        Files.writeString(directory.resolve("images/top/broken.png"), "no image", UTF_8);
        Path shards = directory.resolve("shards");
        ImageSource source = new FolderSource(directory.resolve("images"), new Seed(1));
        ImageShape shape = new ImageShape(1, 28, 28);
        for (String limit : List.of("1%", "0")) {
            assertThatThrownBy(() -> Packing.run(source, settings(shape, Optional.of(CLASSES), 5, limit), shards))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("images cannot be used, and " + limit + " may be")
                    .hasMessageContaining("top/broken is neither PNG, JPEG nor WebP")
                    .hasMessageContaining("--max-rejected");
            try (Stream<Path> left = Files.list(shards)) {
                assertThat(left).isEmpty();
            }
        }
        Packing.run(source, settings(shape, Optional.of(CLASSES), 5, "5%"), shards);
        assertThatThrownBy(() -> Packing.run(source, settings(shape, Optional.of(CLASSES), 5, "5%"), shards))
                .hasMessageContaining("holds shards already");
    }

    @Test
    void labelsThatMeanNoClassAreRejectedAndMissingOnesToo() throws Exception {
        ImageSet images = FashionMnist.test().subset(IntStream.range(0, 20).toArray());
        folder(images);
        ImageSource source = new FolderSource(directory.resolve("images"), new Seed(1));
        ClassNames few = new ClassNames(List.of("top", "boot"));
        PackedImages packed =
                Packing.run(source, settings(images.shape(), Optional.of(few), 5, "100%"), directory.resolve("shards"));
        long expected = IntStream.range(0, 20)
                .filter(i -> List.of(0, 9).contains(images.label(i).orElseThrow()))
                .count();
        assertThat((long) packed.images()).isEqualTo(expected);
        assertThat(packed.reasons())
                .allSatisfy(image -> assertThat(image.reason()).contains("none of the classes"));
        PackedImages unlabeled = Packing.run(
                source, settings(images.shape(), Optional.empty(), 50, "0"), directory.resolve("unlabeled"));
        assertThat(unlabeled.images()).isEqualTo(20);
        assertThat(unlabeled.perClass()).isEmpty();
    }

    @Test
    void bytesAreKeptUnlessTheyAreToBeResized() throws Exception {
        ImageShape source = new ImageShape(3, 28, 28);
        byte[] jpeg = Encoded.jpeg(source, new byte[source.size()], 90);
        Path folder = Files.createDirectories(directory.resolve("images"));
        Files.write(folder.resolve("a.jpg"), jpeg);
        ImageShape shape = new ImageShape(3, 14, 7);
        ImageSource images = new FolderSource(folder, new Seed(1));
        PackedImages kept = Packing.run(images, settings(shape, Optional.empty(), 5, "0"), directory.resolve("shards"));
        assertThat(read(kept, shape, OptionalInt.empty()).digest(0)).isEqualTo(Sha256.of(jpeg));
        Path resized = directory.resolve("resized");
        Packing.run(images, new Packing.Settings(shape, Optional.empty(), 5, RejectionLimit.parse("0"), true), resized);
        byte[] png = ImageCodec.png(shape, ImageCodec.decode(jpeg, shape));
        try (InputStream in = Files.newInputStream(resized.resolve("shard-000000.tar"))) {
            assertThat(ShardReader.read(in, shape).images().digest(0)).isEqualTo(Sha256.of(png));
        }
    }

    @Test
    void namesThatAreNumbersMeanClassesOfThatNumberUnlessClassesAreCalledSo() throws Exception {
        assertThat(CLASSES.index(new SourceLabel.Name("dress"))).isEqualTo(3);
        assertThat(CLASSES.index(new SourceLabel.Name("3"))).isEqualTo(3);
        assertThat(CLASSES.index(new SourceLabel.Index(9))).isEqualTo(9);
        ClassNames numbers = new ClassNames(List.of("1", "0"));
        assertThat(numbers.index(new SourceLabel.Name("1"))).isZero();
        assertThat(numbers.index(new SourceLabel.Index(1))).isEqualTo(1);
        assertThatThrownBy(() -> numbers.index(new SourceLabel.Name("2"))).hasMessageContaining("none of the classes");
        assertThatThrownBy(() -> CLASSES.index(new SourceLabel.Index(10))).hasMessageContaining("0 to 9");
        assertThatThrownBy(() -> new ClassNames(List.of("a", "a"))).hasMessageContaining("names that differ");
    }

    @Test
    void limitsAreNumbersOrPercent() {
        assertThat(RejectionLimit.parse("1%").isExceeded(1, 100, true)).isFalse();
        assertThat(RejectionLimit.parse("1%").isExceeded(2, 100, true)).isTrue();
        assertThat(RejectionLimit.parse("1%").isExceeded(50, 50, false))
                .as("so far")
                .isFalse();
        assertThat(RejectionLimit.parse("2").isExceeded(3, 1000, false)).isTrue();
        for (String wrong : List.of("many", "-1", "1.5", "101%", "", "%")) {
            assertThatThrownBy(() -> RejectionLimit.parse(wrong)).hasMessageContaining("no limit");
        }
    }

    private static Packing.Settings settings(
            ImageShape shape, Optional<ClassNames> classes, int shardSize, String limit) {
        return new Packing.Settings(shape, classes, shardSize, RejectionLimit.parse(limit), false);
    }

    /** {@code images/<class>/<number>.png}. */
    private Path folder(ImageSet images) throws IOException {
        Path folder = directory.resolve("images");
        for (int i = 0; i < images.size(); i++) {
            Path place = folder.resolve(CLASSES.names().get(images.label(i).orElseThrow()));
            Files.write(
                    Files.createDirectories(place).resolve(i + ".png"),
                    ImageCodec.png(images.shape(), images.pixels(i)));
        }
        return folder;
    }

    /** A line for each of the first images. */
    private static String table(int count) {
        StringBuilder table = new StringBuilder("path,label\n");
        for (int i = 0; i < count; i++) {
            String name = CLASSES.names().get(FashionMnist.test().label(i).orElseThrow());
            table.append("images/%s/%d.png,%s\n".formatted(name, i, name));
        }
        return table.toString();
    }

    private ImageSet read(PackedImages packed, ImageShape shape, OptionalInt classes) throws IOException {
        List<ImageSet> sets = new ArrayList<>();
        for (PackedImages.Shard shard : packed.shards()) {
            Path file = directory.resolve("shards").resolve(shard.file());
            assertThat(Sha256.of(file)).isEqualTo(shard.sha256());
            try (InputStream in = Files.newInputStream(file)) {
                ShardContents contents = ShardReader.read(in, shape, classes, ShardLimits.DEFAULT);
                assertThat(contents.damage()).isEmpty();
                assertThat(contents.rejected()).isEmpty();
                assertThat(contents.images().size()).isEqualTo(shard.images());
                sets.add(contents.images());
            }
        }
        return ImageSet.concat(sets);
    }

    /** Digest and label of each image, whatever their order. */
    private static Map<String, Integer> contents(ImageSet images) {
        Map<String, Integer> contents = new TreeMap<>();
        for (int i = 0; i < images.size(); i++) {
            contents.put(images.digest(i), images.label(i).orElse(-1));
        }
        return contents;
    }
}
