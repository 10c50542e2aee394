package dev.tutelage.cli.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on a real broker and a real store: what goes in, what is said, and what people are told. */
@Timeout(120)
class IngestCommandTest {
    private static final byte[] NOTHING = {};

    @TempDir
    private static Path shared;

    private static IngestBench bench;

    @TempDir
    private Path source;

    @BeforeAll
    static void start() throws Exception {
        bench = new IngestBench(shared.resolve("state"));
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    @Test
    void aFolderIsPackedByCountAndTakenOnce() throws Exception {
        String task = bench.declare("count");
        IngestBench.write(source, 0, 25);
        IngestBench.Ended ended = ingest(source, task, "--shard-images", "10");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("25 images in 3 shards", "Journal: " + bench.state());
        assertThat(bench.said(task)).extracting(ShardAdded::getImages).containsExactly(10, 10, 5);
        assertThat(bench.said(task)).allMatch(shard -> !shard.getLabeled() && shard.getSplit() == Split.SPLIT_TRAIN);
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 25));
        Map<String, byte[]> first = bench.entries(bench.said(task).get(0).getShard());
        for (Map.Entry<String, byte[]> entry : first.entrySet()) {
            assertThat(entry.getValue())
                    .as("the bytes as they were")
                    .isEqualTo(Files.readAllBytes(source.resolve(entry.getKey())));
        }

        assertThat(ingest(source, task).out()).contains("0 images in 0 shards", "25 images were in already");
        touch(source.resolve("003.png"));
        IngestBench.write(source.resolve("more"), 25, 27);
        assertThat(ingest(source, task).out()).contains("2 images in 1 shard,", "25 images were in already");
        Files.write(source.resolve("004.png"), IngestBench.image(999));
        assertThat(ingest(source, task).out()).contains("1 image in 1 shard,", "26 images were in already");
        assertThat(bench.images(task)).hasSize(28).contains("more/026.png");
    }

    @Test
    void aShardIsFullByBytesToo() throws Exception {
        String task = bench.declare("bytes");
        IngestBench.write(source, 0, 20);
        // Each image takes a header and a block of content.
        assertThat(ingest(source, task, "--shard-bytes", "5K").status()).isZero();
        assertThat(bench.said(task)).extracting(ShardAdded::getImages).containsExactly(5, 5, 5, 5);
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 20));
    }

    @Test
    void aTarOnStandardInputIsTakenOncePerKeyAndContent() throws Exception {
        String task = bench.declare("stdin");
        IngestBench.Ended ended = bench.ingest(IngestBench.tar(0, 12), "-", "--task", task, "--shard-images", "5");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(bench.said(task)).extracting(ShardAdded::getImages).containsExactly(5, 5, 2);
        ended = bench.ingest(IngestBench.tar(8, 15), "-", "--task", task);
        assertThat(ended.out()).contains("3 images in 1 shard", "4 images were in already");
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 15));
    }

    @Test
    void whatCannotBeUsedIsToldByKindAndTheRestIsIn() throws Exception {
        String task = bench.declare("damaged");
        IngestBench.write(source.resolve("wren"), 0, 3);
        IngestBench.write(source.resolve("magpie"), 3, 4);
        Files.writeString(source.resolve("wren/none.png"), "no image at all");
        Files.write(source.resolve("wren/half.png"), Arrays.copyOf(IngestBench.image(5), 40));
        byte[] tar = IngestBench.tar(Map.of("10.png", IngestBench.image(10), "10.cls", "0".getBytes(UTF_8)));
        Map<String, byte[]> two = new TreeMap<>(
                Map.of("20.png", IngestBench.image(20), "20.cls", "1".getBytes(UTF_8), "21.cls", new byte[9000]));
        Files.write(source.resolve("good.tar"), tar);
        Files.write(source.resolve("torn.tar"), Arrays.copyOf(IngestBench.tar(two), 4000));
        IngestBench.Ended ended = bench.ingest(
                NOTHING,
                source.toString(),
                "--format",
                "folder",
                "--task",
                task,
                "--labeled",
                "--split",
                "held-out",
                "--json");
        assertThat(ended.status()).as(ended.err()).isEqualTo(IngestCommand.SOME_UNUSABLE);
        JsonNode report = new JsonMapper().readTree(ended.out());
        assertThat(report.get("images").asInt()).isEqualTo(5);
        assertThat(report.get("complete").asBoolean()).isTrue();
        assertThat(kinds(report)).isEqualTo(Map.of("image", 2, "label", 1, "damaged", 1));
        assertThat(report.at("/rejected").findValuesAsText("file"))
                .containsExactlyInAnyOrder("wren/none.png", "wren/half.png", "magpie/003.png", "torn.tar");
        assertThat(Files.readAllLines(Path.of(report.get("rejections").asText())))
                .hasSize(4)
                .anyMatch(line -> line.contains("magpie/003.png") && line.contains("none of the classes"));
        assertThat(bench.said(task)).singleElement().satisfies(shard -> {
            assertThat(shard.getLabeled()).isTrue();
            assertThat(shard.getSplit()).isEqualTo(Split.SPLIT_HELD_OUT);
            assertThat(bench.entries(shard.getShard()))
                    .containsKeys("wren/000.png", "good/10.png", "torn/20.png")
                    .containsEntry("wren/000.cls", "1".getBytes(UTF_8))
                    .containsEntry("good/10.cls", "0".getBytes(UTF_8));
        });

        Files.write(source.resolve("wren/half.png"), IngestBench.image(5));
        ended = bench.ingest(
                NOTHING, source.toString(), "--format", "folder", "--task", task, "--labeled", "--split", "held-out");
        assertThat(ended.out())
                .as("what was corrected comes in")
                .contains(
                        "1 image in 1 shard", "wren/none.png is neither PNG, JPEG nor WebP", "  torn.tar is damaged: ");
        assertThat(bench.images(task)).hasSize(6);
    }

    @Test
    void pathsThatGiveOneKeyAndImagesThatComeTwiceAreToldApart() throws Exception {
        String task = bench.declare("keys");
        Files.write(source.resolve("a.png"), IngestBench.image(1));
        Files.write(source.resolve("a.webp"), IngestBench.image(1));
        Files.write(source.resolve("b.c.png"), IngestBench.image(2));
        Files.write(source.resolve("b_c.png"), IngestBench.image(3));
        assertThat(ingest(source, task).status()).isZero();
        List<String> names = bench.images(task);
        assertThat(names).hasSize(4).contains("a.png", "b_c.png").doesNotHaveDuplicates();
        assertThat(names)
                .filteredOn(name -> name.matches("(a|b_c)~[0-9a-f]{12}\\.png"))
                .hasSize(2);
    }

    @Test
    void aRateIsKept() throws Exception {
        String task = bench.declare("rate");
        IngestBench.write(source, 0, 40);
        IngestBench.Ended ended = ingest(source, task, "--rate", "40/s", "--json");
        double seconds = new JsonMapper().readTree(ended.out()).get("seconds").asDouble();
        assertThat(seconds).isBetween(0.85, 10.0);
        assertThat(bench.images(task)).hasSize(40);
    }

    @Test
    void otherFormatsOfPackComeInToo() throws Exception {
        String task = bench.declare("table");
        IngestBench.write(source, 0, 3);
        Path table = source.resolve("birds.csv");
        Files.writeString(
                table, "path,label,split\n000.png,wren,a\n001.png,robin,a\n002.png,wren,b\ngone.png,wren,a\n");
        IngestBench.Ended ended = ingest(table, task, "--labeled", "--part", "a");
        assertThat(ended.status()).isEqualTo(IngestCommand.SOME_UNUSABLE);
        assertThat(ended.out()).contains("2 images in 1 shard", "gone is not there");
        assertThat(bench.images(task)).isEqualTo(IngestBench.names(0, 2));
        assertThat(ingest(table, task, "--labeled", "--part", "a").out()).contains("2 images were in already");
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        String task = bench.declare("wrong");
        assertThat(ingest(source, "nobody").err()).contains("No task 'nobody' is declared");
        assertThat(ingest(source, task, "--split", "held-out").err()).contains("--labeled");
        assertThat(ingest(source, task, "--rate", "fast").err()).contains("\"fast\" is no rate");
        assertThat(ingest(source, task, "--linger", "soon").err()).contains("'soon' is no duration");
        assertThat(ingest(source, task, "--shard-images", "0").err()).contains("holds nothing");
        assertThat(ingest(source, task, "--shard-images", "250001").err()).contains("with more than 250000");
        assertThat(ingest(source.resolve("none"), task).err()).contains("none is not there");
        Path file = Files.write(source.resolve("a.png"), IngestBench.image(1));
        IngestBench.Ended ended = ingest(file, task, "--follow");
        assertThat(ended.err()).contains("is a file");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(bench.said(task)).isEmpty();
    }

    private static IngestBench.Ended ingest(Path source, String task, String... more) {
        List<String> arguments = new ArrayList<>(List.of(source.toString(), "--task", task));
        arguments.addAll(List.of(more));
        return bench.ingest(NOTHING, arguments.toArray(String[]::new));
    }

    private static void touch(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    private static Map<String, Integer> kinds(JsonNode report) {
        Map<String, Integer> kinds = new TreeMap<>();
        report.get("rejected")
                .forEach(kind ->
                        kinds.put(kind.get("kind").asText(), kind.get("count").asInt()));
        return kinds;
    }
}
