package dev.tutelage.gateway.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** Files that no gateway has a use for. */
final class RefusedFiles {
    private final List<HostileFile> files = new ArrayList<>();

    private RefusedFiles() {}

    static List<HostileFile> all() throws IOException {
        RefusedFiles refused = new RefusedFiles();
        refused.images();
        refused.zips();
        refused.tars();
        refused.forms();
        return refused.files;
    }

    private void add(String name, String type, byte[] body) {
        files.add(HostileFile.of(name, type, body));
    }

    private void images() throws IOException {
        byte[] png = TestImages.png(1);
        byte[] jpeg = TestImages.jpeg(1);
        add("empty png", HostileFile.PNG, new byte[0]);
        add("signature alone", HostileFile.PNG, Arrays.copyOf(png, 8));
        add("half a png", HostileFile.PNG, Arrays.copyOf(png, png.length / 2));
        add("png without its end", HostileFile.PNG, Arrays.copyOf(png, png.length - 12));
        add("png with flipped bits", HostileFile.PNG, flipped(png));
        add("half a jpeg", HostileFile.JPEG, Arrays.copyOf(jpeg, jpeg.length / 2));
        add("three bytes of a jpeg", HostileFile.JPEG, Arrays.copyOf(jpeg, 3));
        add("png of a billion pixels", HostileFile.PNG, sized(png, 40_000, 40_000));
        add("png of 2^31 - 1 columns", HostileFile.PNG, sized(png, Integer.MAX_VALUE, 1));
        add("png of no pixels", HostileFile.PNG, sized(png, 0, 0));
        add("png of negative size", HostileFile.PNG, sized(png, -1, -1));
        add("zeros", "application/octet-stream", new byte[1 << 20]);
        add("noise", "application/octet-stream", noise(1 << 20));
        add("17 MiB of an image", HostileFile.PNG, Arrays.copyOf(png, 17 << 20));
        add("html as a jpeg", HostileFile.JPEG, TestImages.text("<script>alert(1)</script>"));
        add("gif", "application/octet-stream", TestImages.text("GIF89a and no more"));
        add("svg with an entity bomb", "image/svg+xml", TestImages.text("<!DOCTYPE svg []><svg/>"));
        add("webp header alone", "image/webp", TestImages.text("RIFF\0\0\0\0WEBPVP8 "));
        add("no media type at all", "garbage", png);
        add("json", "application/json", TestImages.text("{\"images\":[]}"));
    }

    private void zips() throws IOException {
        byte[] png = TestImages.png(1);
        byte[] good = TestImages.zip(Map.of("a.png", png));
        byte[] bomb = TestImages.zip(Map.of("bomb.png", new byte[64 << 20]));
        add("zip bomb", HostileFile.ZIP, bomb);
        add("zip bomb under another name", HostileFile.ZIP, TestImages.zip(Map.of("bomb.txt", new byte[64 << 20])));
        add("nested zips", HostileFile.ZIP, nested(TestImages.zip(Map.of("a.png", png)), "a.zip", 20));
        add("nested zips called images", HostileFile.ZIP, nested(bomb, "a.png", 3));
        add("10,000 entries", HostileFile.ZIP, TestImages.zip(entries(10_000, ".png")));
        add("200,000 entries", HostileFile.ZIP, TestImages.zip(entries(200_000, "")));
        add("empty zip", HostileFile.ZIP, TestImages.zip(Map.of()));
        add("no bytes as a zip", HostileFile.ZIP, new byte[0]);
        add("noise as a zip", HostileFile.ZIP, noise(4096));
        add("cut zip", HostileFile.ZIP, Arrays.copyOf(good, good.length / 3));
        add("png as a zip", HostileFile.ZIP, png);
        add("png in front of a zip, as a png", HostileFile.PNG, Bytes.join(Arrays.copyOf(png, 30), good));
        add("zip as a png", HostileFile.PNG, good);
        add("long name", HostileFile.ZIP, TestImages.zip(Map.of("n".repeat(60_000) + ".png", png)));
        add("control characters in the name", HostileFile.ZIP, TestImages.zip(Map.of("a\0b\n.png", png)));
        add("only dots in the name", HostileFile.ZIP, TestImages.zip(Map.of("../...png", new byte[9])));
    }

    private void tars() throws IOException {
        byte[] png = TestImages.png(1);
        byte[] tar = TestImages.tar(Map.of("a.png", png));
        add("noise as a tar", HostileFile.TAR, noise(4096));
        add("no bytes as a tar", HostileFile.TAR, new byte[0]);
        add("cut tar", HostileFile.TAR, Arrays.copyOf(tar, 700));
        add("gzip bomb", "application/gzip", TestImages.gzip(new byte[64 << 20]));
        add("cut gzip", "application/gzip", Arrays.copyOf(TestImages.gzip(tar), 40));
        add("zip as a tar", HostileFile.TAR, TestImages.zip(Map.of("a.png", png)));
        add("links", HostileFile.TAR, links());
        add("entry of terabytes", HostileFile.TAR, terabytes());
    }

    private void forms() throws IOException {
        byte[] png = TestImages.png(1);
        byte[] form = TestImages.form("x", Map.of("file:a.png", png));
        add("no bytes as a form", HostileFile.FORM, new byte[0]);
        add("cut form", HostileFile.FORM, Arrays.copyOf(form, form.length / 2));
        add("another boundary", "multipart/form-data; boundary=y", form);
        add("form of no files", HostileFile.FORM, TestImages.form("x", Map.of()));
        add("endless header", HostileFile.FORM, TestImages.text("--x\r\nA: " + "a".repeat(1 << 20)));
        add("endless field", HostileFile.FORM, TestImages.form("x", Map.of("label", new byte[1 << 20])));
        add(
                "zip in a form",
                HostileFile.FORM,
                TestImages.form("x", Map.of("file:../../a.png", TestImages.zip(Map.of("a.png", png)))));
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
        return Bytes.join(header, new byte[1024]);
    }
}
