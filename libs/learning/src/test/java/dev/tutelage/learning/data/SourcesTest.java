package dev.tutelage.learning.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.random.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each source shows, written out here as its format is published. */
class SourcesTest {
    private static final Path SAMPLE = Path.of("..", "..", "samples", "fashion-mnist");
    private static final ImageShape GREY = new ImageShape(1, 2, 2);
    private static final byte[] PNG = ImageCodec.png(GREY, new byte[] {1, 2, 3, 4});

    @TempDir
    private Path directory;

    @Test
    void aFolderHasAFolderForEachClass() throws Exception {
        write("wren/one.png");
        write("wren/deep/er/two.v2.PNG");
        write("robin/one.jpeg");
        write("loose.webp");
        write("robin/notes.txt");
        write("robin/.hidden.png");
        write("robin/old.gif");
        Map<String, SourceImage> images = read(new FolderSource(directory, new Seed(1)));
        assertThat(images).containsOnlyKeys("wren/one", "wren/deep/er/two_v2", "robin/one", "loose", "robin/old");
        assertThat(images.get("wren/deep/er/two_v2").label()).contains(new SourceLabel.Name("wren"));
        assertThat(images.get("loose").label()).isEmpty();
        assertThat(images.get("robin/one").content().encoded()).isEqualTo(PNG);
    }

    @Test
    void aFoldersOrderIsShuffledByItsSeedAlone() throws IOException {
        for (int i = 0; i < 40; i++) {
            write((i < 20 ? "a/" : "b/") + i + ".png");
        }
        List<String> first =
                List.copyOf(read(new FolderSource(directory, new Seed(1))).keySet());
        assertThat(read(new FolderSource(directory, new Seed(1))).keySet()).containsExactlyElementsOf(first);
        assertThat(List.copyOf(read(new FolderSource(directory, new Seed(2))).keySet()))
                .isNotEqualTo(first)
                .hasSameElementsAs(first);
        assertThat(first.subList(0, 20).stream()
                        .filter(key -> key.startsWith("a"))
                        .count())
                .isBetween(3L, 17L);
    }

    @Test
    void anEmptyFolderIsSaidToBeEmpty() {
        assertThatThrownBy(() -> read(new FolderSource(directory, new Seed(1))))
                .hasMessageStartingWith(directory + " holds no images");
    }

    @Test
    void idxFilesComeAsAPair() throws Exception {
        Path images = SAMPLE.resolve("test-images-idx3-ubyte.gz");
        ImageSource source = SourceFormat.guess(images).open(images, options(""));
        Map<String, SourceImage> read = read(source);
        ImageSet expected = FashionMnist.test();
        assertThat(read).hasSize(2000);
        for (int i = 0; i < 2000; i += 97) {
            SourceImage image = read.get(expected.key(i));
            assertThat(image.label())
                    .contains(new SourceLabel.Index(expected.label(i).orElseThrow()));
            assertThat(Sha256.of(image.content().encoded())).isEqualTo(expected.digest(i));
        }
        IdxSource mixed = new IdxSource(images, Optional.of(SAMPLE.resolve("train-labels-idx1-ubyte.gz")));
        assertThatThrownBy(() -> read(mixed)).hasMessageContaining("holds fewer images than");
    }

    /** As published: a label, then 1,024 bytes of red, of green and of blue, row by row. */
    @Test
    void cifarRecordsAreALabelAndThreePlanes() throws Exception {
        Path file = directory.resolve("data_batch_1.bin");
        Files.write(file, cifar(new int[] {7}, new int[] {12}, new int[] {9}));
        assertThat(SourceFormat.guess(file)).isEqualTo(SourceFormat.CIFAR10);
        assertThat(SourceFormat.guess(directory)).isEqualTo(SourceFormat.CIFAR10);
        Map<String, SourceImage> images = read(SourceFormat.CIFAR10.open(directory, options("")));
        assertThat(images).containsOnlyKeys("data_batch_1/00000", "data_batch_1/00001", "data_batch_1/00002");
        SourceImage image = images.get("data_batch_1/00002");
        assertThat(image.label()).contains(new SourceLabel.Index(9));
        byte[] pixels = ImageCodec.decode(image.content().encoded(), new ImageShape(3, 32, 32));
        assertThat(pixels[0]).as("red, top left").isEqualTo((byte) 2);
        assertThat(pixels[33]).as("red, second row, second column").isEqualTo((byte) (2 + 33));
        assertThat(pixels[1024]).as("green, top left").isEqualTo((byte) (2 + 64));
        assertThat(pixels[3071]).as("blue, bottom right").isEqualTo((byte) (2 + 1023 + 128));
        assertThatThrownBy(() -> images.get("data_batch_1/00001").content().encoded())
                .hasMessage("has label 12, but CIFAR-10 has classes 0 to 9");
    }

    @Test
    void cifar100HasACoarseAndAFineLabel() throws Exception {
        Files.write(directory.resolve("train.bin"), cifar(new int[] {19, 99}, new int[] {3, 0}));
        Files.write(directory.resolve("test.bin"), cifar(new int[] {1, 42}));
        SourceFormat format = SourceFormat.guess(directory);
        assertThat(format).isEqualTo(SourceFormat.CIFAR100);
        Map<String, SourceImage> train = read(format.open(directory, options("")));
        assertThat(train.get("train/00000").label()).contains(new SourceLabel.Index(99));
        assertThat(train.get("train/00001").label()).contains(new SourceLabel.Index(0));
        assertThat(read(format.open(directory, options("test")))).containsOnlyKeys("test/00000");
        assertThatThrownBy(() -> format.open(directory, options("valid"))).hasMessageContaining("train and test");
    }

    @Test
    void aCifarFileThatIsCutOffIsNamedAtOnce() throws IOException {
        Path file = directory.resolve("data_batch_1.bin");
        Files.write(file, Arrays.copyOf(cifar(new int[] {7}, new int[] {1}), 5000));
        assertThatThrownBy(() -> read(SourceFormat.CIFAR10.open(file, options(""))))
                .hasMessage(file + " is no whole file of CIFAR-10: it has 5000 bytes, which is no multiple of 3073");
    }

    @Test
    void aTableNamesPathsLabelsAndSplits() throws Exception {
        write("pictures/a.png");
        write("pictures/b, the second.png");
        Path table = table("""
                \ufeffsplit,note,path,label\r
                train,"of
                two lines",pictures/a.png,wren\r
                train,,"pictures/b, the second.png","the ""robin\"""\r
                test,,pictures/c.png,wren\r

                train,,pictures/gone.png,wren\r
                train,pictures/short.png\r
                train,,,wren\r
                train,,../pictures/d.png,\r
                """);
        Map<String, SourceImage> images = read(new CsvSource(table, Optional.of("train"), new Seed(1)));
        assertThat(images)
                .containsOnlyKeys(
                        "pictures/a",
                        "pictures/b, the second",
                        "pictures/gone",
                        "table.csv line 8",
                        "table.csv line 9",
                        "pictures/d");
        assertThat(images.get("pictures/a").label()).contains(new SourceLabel.Name("wren"));
        assertThat(images.get("pictures/a").content().encoded()).isEqualTo(PNG);
        assertThat(images.get("pictures/b, the second").label()).contains(new SourceLabel.Name("the \"robin\""));
        assertThat(images.get("pictures/d").label()).isEmpty();
        assertUnusable(images.get("pictures/gone"), "is not there (table.csv line 7)");
        assertUnusable(images.get("table.csv line 8"), "has 2 columns, but line 1 names 4");
        assertUnusable(images.get("table.csv line 9"), "names no path");
    }

    @Test
    void whatIsWrongWithATableIsSaidWithItsLine() throws IOException {
        assertThatThrownBy(() -> read(csv("file,label\na.png,b\n", "")))
                .hasMessageContaining("table.csv, line 1: no column is called 'path'");
        assertThatThrownBy(() -> read(csv("path,split\na.png,train\n", "")))
                .hasMessageContaining("say which of its values is wanted, with --split");
        assertThatThrownBy(() -> read(csv("path,split\na.png,train\n", "test")))
                .hasMessageContaining("names no images of split 'test'");
        assertThatThrownBy(() -> read(csv("path\na.png\n", "test")))
                .hasMessageContaining("no column is called 'split'");
        assertThatThrownBy(() -> read(csv("", ""))).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read(csv("path\na.png\n\"b.png\n", "")))
                .hasMessageContaining("table.csv, in the row that begins in line 3");
        Files.write(directory.resolve("table.csv"), new byte[] {'p', 'a', 't', 'h', '\n', (byte) 0xff, 'x', '\n'});
        assertThatThrownBy(() -> read(new CsvSource(directory.resolve("table.csv"), Optional.empty(), new Seed(1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("table.csv");
    }

    @Test
    void noKeyOfATarLeadsOutOfTheFolderWhereAShardIsUnpacked() throws Exception {
        Path tar = directory.resolve("hostile.tar");
        try (ShardWriter shard = new ShardWriter(Files.newOutputStream(tar))) {
            for (String key : List.of("../../up", "/root", "a/./b//c", "..d/e..f/g")) {
                shard.add(key, PNG, OptionalInt.empty());
            }
        }
        try (InputStream in = Files.newInputStream(tar)) {
            assertThat(read(new TarStreamSource(in, "hostile", "")))
                    .containsOnlyKeys("up", "root", "a/b/c", "..d/e..f/g");
        }
    }

    @Test
    void tarsKeepTheirKeysApart() throws Exception {
        Path first = tar("first.tar", "x", OptionalInt.of(3));
        tar("second.tar", "x", OptionalInt.empty());
        assertThat(read(SourceFormat.TAR.open(first, options("")))).containsOnlyKeys("x");
        assertThat(SourceFormat.guess(directory)).isEqualTo(SourceFormat.TAR);
        Map<String, SourceImage> images = read(SourceFormat.TAR.open(directory, options("")));
        assertThat(images).containsOnlyKeys("first/x", "second/x");
        assertThat(images.get("first/x").label()).contains(new SourceLabel.Index(3));
        assertThat(images.get("second/x").label()).isEmpty();
        assertThat(images.get("first/x").content().encoded()).isEqualTo(PNG);

        Files.write(first, Arrays.copyOf(Files.readAllBytes(first), 700));
        assertThatThrownBy(() -> read(SourceFormat.TAR.open(first, options(""))))
                .hasMessageContaining("first.tar is damaged")
                .hasMessageContaining("after entry x.png");
    }

    @Test
    void whatIsNotObviousIsAsked() throws IOException {
        Path file = Files.createFile(directory.resolve("images.bin"));
        assertThatThrownBy(() -> SourceFormat.guess(file))
                .hasMessageContaining("Say so with --format: folder, idx, cifar10, cifar100, csv, tar");
        assertThatThrownBy(() -> SourceFormat.guess(directory.resolve("none"))).hasMessageContaining("is not there");
        assertThat(SourceFormat.guess(directory)).isEqualTo(SourceFormat.FOLDER);
        assertThatThrownBy(() -> SourceFormat.FOLDER.open(file, options(""))).hasMessageContaining("is not a folder");
        assertThatThrownBy(() -> SourceFormat.CSV.open(directory, options(""))).hasMessageContaining("is not a file");
        assertThatThrownBy(() -> SourceFormat.CIFAR10.open(directory, options("")))
                .hasMessageContaining("holds no data_batch_*.bin");
        assertThatThrownBy(() -> SourceFormat.FOLDER.open(directory, options("train")))
                .hasMessageContaining("leave --split out");
    }

    private static void assertUnusable(SourceImage image, String reason) {
        assertThatThrownBy(() -> image.content().encoded())
                .isInstanceOf(UnusableImageException.class)
                .hasMessage(reason);
    }

    /** Records whose number is added to every value: red counts up from 0, green from 64, blue from 128. */
    private static byte[] cifar(int[]... labels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int number = 0; number < labels.length; number++) {
            for (int label : labels[number]) {
                out.write(label);
            }
            for (int colour = 0; colour < 3; colour++) {
                for (int i = 0; i < 1024; i++) {
                    out.write(number + i + 64 * colour);
                }
            }
        }
        return out.toByteArray();
    }

    private Path tar(String name, String key, OptionalInt label) throws IOException {
        Path file = directory.resolve(name);
        try (ShardWriter writer = new ShardWriter(Files.newOutputStream(file))) {
            writer.add(key, PNG, label);
        }
        return file;
    }

    private Path table(String content) throws IOException {
        return Files.write(directory.resolve("table.csv"), content.getBytes(UTF_8));
    }

    private CsvSource csv(String content, String split) throws IOException {
        return new CsvSource(table(content), Optional.of(split).filter(name -> !name.isEmpty()), new Seed(1));
    }

    private static SourceFormat.Options options(String split) {
        return new SourceFormat.Options(Optional.of(split).filter(name -> !name.isEmpty()), 1);
    }

    private void write(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, PNG);
    }

    private static Map<String, SourceImage> read(ImageSource source) throws IOException {
        Map<String, SourceImage> images = new LinkedHashMap<>();
        source.forEach(image -> assertThat(images.put(image.key(), image)).isNull());
        return images;
    }
}
