package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench.Answer;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files that were made to do harm, or came to harm. */
class HostileUploadsIT {
    private static final String ZIP = "application/zip";
    private static final String TAR = "application/x-tar";
    private static final String PNG = "image/png";
    private static final String JPEG = "image/jpeg";
    private static final String FORM = "multipart/form-data; boundary=x";

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final UploadBench bench = new UploadBench(KAFKA, S3);

    private record Hostile(String type, Supplier<byte[]> body) {}

    private static Hostile sent(String type, byte[] body) {
        return new Hostile(type, () -> body);
    }

    @Test
    void nothingThatIsSentIsMoreThanAProblem(@TempDir Path work) throws Exception {
        Map<String, String> settings =
                Map.of("tutelage.gateway.upload.linger", "10ms", "tutelage.work-dir", work.toString());
        try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, settings)) {
            String path = "/api/tasks/" + bench.declare(gateway) + "/images";
            Map<String, Hostile> corpus = corpus();
            assertThat(corpus).hasSizeGreaterThanOrEqualTo(40);
            corpus.forEach((name, hostile) -> assertRefused(name, answer(gateway, path, hostile)));
            assertThat(RestAssured.get(gateway.at("/q/health/ready")).statusCode())
                    .isEqualTo(200);
            String task = bench.declare(gateway);
            assertThat(namesInShards(gateway, task)).containsExactly("a/b.png", "etc/passwd.png", "x.png", "z/c_d.png");
            await().untilAsserted(() ->
                    assertThat(left(work)).noneMatch(file -> file.toString().endsWith(".images")));
        }
    }

    private static void assertRefused(String name, Answer answer) {
        assertThat(answer.status()).as(name + " " + answer.body()).isBetween(400, 499);
        assertThat(answer.type()).as(name).startsWith("application/problem+json");
        assertThat(answer.body().path("title").asText()).as(name).isNotEmpty();
        assertThat(answer.body().path("detail").asText()).as(name).isNotEmpty();
        answer.body().path("problems").forEach(problem -> assertThat(
                        problem.path("detail").asText())
                .as(name)
                .isNotEmpty()
                .doesNotContain("Exception"));
    }

    private Answer answer(GatewayProcess gateway, String path, Hostile hostile) {
        try {
            return bench.post(gateway, path, hostile.type(), hostile.body().get());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names that would lead elsewhere are names in a shard, and lead nowhere. */
    private List<String> namesInShards(GatewayProcess gateway, String task) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("../../../x.png", TestImages.png(1));
        files.put("/etc/passwd.png", TestImages.png(2));
        files.put("a\\..\\b.png", TestImages.png(3));
        files.put("z/../c.d.png", TestImages.png(4));
        Answer answer = bench.post(gateway, "/api/tasks/" + task + "/images", ZIP, TestImages.zip(files));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return List.copyOf(bench.contents(bench.shards(task).get(0)).keySet());
    }

    private static List<Path> left(Path work) throws IOException {
        try (Stream<Path> found = Files.walk(work)) {
            return found.toList();
        }
    }

    private static Map<String, Hostile> corpus() throws IOException {
        Map<String, Hostile> corpus = new TreeMap<>();
        images(corpus);
        zips(corpus);
        tars(corpus);
        forms(corpus);
        return corpus;
    }

    private static void images(Map<String, Hostile> corpus) throws IOException {
        byte[] png = TestImages.png(1);
        byte[] jpeg = TestImages.jpeg(1);
        corpus.put("empty png", sent(PNG, new byte[0]));
        corpus.put("signature alone", sent(PNG, Arrays.copyOf(png, 8)));
        corpus.put("half a png", sent(PNG, Arrays.copyOf(png, png.length / 2)));
        corpus.put("png without its end", sent(PNG, Arrays.copyOf(png, png.length - 12)));
        corpus.put("png with flipped bits", sent(PNG, flipped(png)));
        corpus.put("half a jpeg", sent(JPEG, Arrays.copyOf(jpeg, jpeg.length / 2)));
        corpus.put("three bytes of a jpeg", sent(JPEG, Arrays.copyOf(jpeg, 3)));
        corpus.put("png of a billion pixels", sent(PNG, sized(png, 40_000, 40_000)));
        corpus.put("png of 2^31 - 1 columns", sent(PNG, sized(png, Integer.MAX_VALUE, 1)));
        corpus.put("png of no pixels", sent(PNG, sized(png, 0, 0)));
        corpus.put("png of negative size", sent(PNG, sized(png, -1, -1)));
        corpus.put("zeros", sent("application/octet-stream", new byte[1 << 20]));
        corpus.put("noise", sent("application/octet-stream", noise(1 << 20)));
        corpus.put("17 MiB of an image", sent(PNG, Arrays.copyOf(png, 17 << 20)));
        corpus.put("html as a jpeg", sent(JPEG, TestImages.text("<script>alert(1)</script>")));
        corpus.put("gif", sent("application/octet-stream", TestImages.text("GIF89a and no more")));
        corpus.put("svg with an entity bomb", sent("image/svg+xml", TestImages.text("<!DOCTYPE svg []><svg/>")));
        corpus.put("webp header alone", sent("image/webp", TestImages.text("RIFF\0\0\0\0WEBPVP8 ")));
        corpus.put("no media type at all", sent("garbage", png));
        corpus.put("json", sent("application/json", TestImages.text("{\"images\":[]}")));
    }

    private static void zips(Map<String, Hostile> corpus) throws IOException {
        byte[] png = TestImages.png(1);
        byte[] good = TestImages.zip(Map.of("a.png", png));
        byte[] bomb = TestImages.zip(Map.of("bomb.png", new byte[64 << 20]));
        corpus.put("zip bomb", sent(ZIP, bomb));
        corpus.put("zip bomb under another name", sent(ZIP, TestImages.zip(Map.of("bomb.txt", new byte[64 << 20]))));
        corpus.put("nested zips", sent(ZIP, nested(TestImages.zip(Map.of("a.png", png)), "a.zip", 20)));
        corpus.put("nested zips called images", sent(ZIP, nested(bomb, "a.png", 3)));
        corpus.put("10,000 entries", sent(ZIP, TestImages.zip(entries(10_000, ".png"))));
        corpus.put("200,000 entries", sent(ZIP, TestImages.zip(entries(200_000, ""))));
        corpus.put("empty zip", sent(ZIP, TestImages.zip(Map.of())));
        corpus.put("no bytes as a zip", sent(ZIP, new byte[0]));
        corpus.put("noise as a zip", sent(ZIP, noise(4096)));
        corpus.put("cut zip", sent(ZIP, Arrays.copyOf(good, good.length / 3)));
        corpus.put("png as a zip", sent(ZIP, png));
        corpus.put("png in front of a zip, as a png", sent(PNG, join(Arrays.copyOf(png, 30), good)));
        corpus.put("zip as a png", sent(PNG, good));
        corpus.put("long name", sent(ZIP, TestImages.zip(Map.of("n".repeat(60_000) + ".png", png))));
        corpus.put("control characters in the name", sent(ZIP, TestImages.zip(Map.of("a\0b\n.png", png))));
        corpus.put("only dots in the name", sent(ZIP, TestImages.zip(Map.of("../...png", new byte[9]))));
    }

    private static void tars(Map<String, Hostile> corpus) throws IOException {
        byte[] png = TestImages.png(1);
        byte[] tar = TestImages.tar(Map.of("a.png", png));
        corpus.put("noise as a tar", sent(TAR, noise(4096)));
        corpus.put("no bytes as a tar", sent(TAR, new byte[0]));
        corpus.put("cut tar", sent(TAR, Arrays.copyOf(tar, 700)));
        corpus.put("gzip bomb", sent("application/gzip", TestImages.gzip(new byte[64 << 20])));
        corpus.put("cut gzip", sent("application/gzip", Arrays.copyOf(TestImages.gzip(tar), 40)));
        corpus.put("zip as a tar", sent(TAR, TestImages.zip(Map.of("a.png", png))));
        corpus.put("links", sent(TAR, links()));
        corpus.put("entry of terabytes", sent(TAR, terabytes()));
    }

    private static void forms(Map<String, Hostile> corpus) throws IOException {
        byte[] png = TestImages.png(1);
        byte[] form = TestImages.form("x", Map.of("file:a.png", png));
        corpus.put("no bytes as a form", sent(FORM, new byte[0]));
        corpus.put("cut form", sent(FORM, Arrays.copyOf(form, form.length / 2)));
        corpus.put("another boundary", sent("multipart/form-data; boundary=y", form));
        corpus.put("form of no files", sent(FORM, TestImages.form("x", Map.of())));
        corpus.put("endless header", sent(FORM, TestImages.text("--x\r\nA: " + "a".repeat(1 << 20))));
        corpus.put("endless field", sent(FORM, TestImages.form("x", Map.of("label", new byte[1 << 20]))));
        corpus.put(
                "zip in a form",
                sent(FORM, TestImages.form("x", Map.of("file:../../a.png", TestImages.zip(Map.of("a.png", png))))));
    }

    private static Map<String, byte[]> entries(int number, String extension) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < number; i++) {
            entries.put(i + extension, new byte[] {1});
        }
        return entries;
    }

    private static byte[] nested(byte[] innermost, String name, int depth) throws IOException {
        byte[] zip = innermost;
        for (int i = 0; i < depth; i++) {
            zip = TestImages.zip(Map.of(name, zip));
        }
        return zip;
    }

    /** The image with another size in its header, and the checksum that goes with it. */
    private static byte[] sized(byte[] png, int width, int height) {
        byte[] changed = png.clone();
        ByteBuffer header = ByteBuffer.wrap(changed);
        header.putInt(16, width).putInt(20, height);
        CRC32 checksum = new CRC32();
        checksum.update(changed, 12, 17);
        header.putInt(29, (int) checksum.getValue());
        return changed;
    }

    private static byte[] flipped(byte[] png) {
        byte[] changed = png.clone();
        for (int i = 33; i < changed.length; i += 3) {
            changed[i] = (byte) (changed[i] ^ 0x55);
        }
        return changed;
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new SplittableRandom(1).nextBytes(noise);
        return noise;
    }

    private static byte[] join(byte[] one, byte[] other) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(one);
        out.writeBytes(other);
        return out.toByteArray();
    }

    private static byte[] links() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (byte kind : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
                TarArchiveEntry link = new TarArchiveEntry("link" + kind + ".png", kind);
                link.setLinkName("/etc/passwd");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] terabytes() throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("a.png");
        entry.setSize(1L << 42);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
        return join(header, new byte[1024]);
    }
}
