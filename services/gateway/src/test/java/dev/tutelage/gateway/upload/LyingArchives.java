package dev.tutelage.gateway.upload;

import static dev.tutelage.gateway.upload.Bytes.latin;
import static dev.tutelage.gateway.upload.Bytes.octal;
import static dev.tutelage.gateway.upload.Bytes.patched;
import static dev.tutelage.gateway.upload.Bytes.repeated;
import static dev.tutelage.gateway.upload.Bytes.tail;
import static dev.tutelage.gateway.upload.Bytes.tarEntry;
import static dev.tutelage.gateway.upload.Bytes.tarHeader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Archives whose headers lie; some have images that can be used all the same. */
final class LyingArchives {
    private static final int LARGE = 64 << 20;
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    static final byte[] END_OF_TAR = new byte[1024];

    private final List<HostileFile> files = new ArrayList<>();
    private final byte[] png = TestImages.png(1);

    private LyingArchives() {}

    static List<HostileFile> all() throws IOException {
        LyingArchives lying = new LyingArchives();
        lying.zips();
        lying.tars();
        lying.gzips();
        return lying.files;
    }

    private void add(String name, String type, byte[]... body) {
        files.add(new HostileFile(name, type, () -> Bytes.join(body)));
    }

    private void zips() throws IOException {
        byte[] zip = stored(png, "a.png");
        add("wrong checksum", HostileFile.ZIP, patched(patched(zip, LOCAL, 14, 1), CENTRAL, 16, 1));
        for (int size : new int[] {0, 1, -1, Integer.MAX_VALUE}) {
            add("packed to " + size, HostileFile.ZIP, patched(patched(zip, LOCAL, 18, size), CENTRAL, 20, size));
            add("unpacked to " + size, HostileFile.ZIP, patched(patched(zip, LOCAL, 22, size), CENTRAL, 24, size));
        }
        add("encrypted", HostileFile.ZIP, patched(zip, LOCAL, 6, 1));
        add("of an unknown method", HostileFile.ZIP, patched(zip, LOCAL, 8, 99));
        add("name of 65,535", HostileFile.ZIP, patched(zip, LOCAL, 26, 0xffff));
        add("zip64 without its sizes", HostileFile.ZIP, patched(zip, LOCAL, 26, 0xffff0005));
        add("entry twice", HostileFile.ZIP, stored(png, "a.png", "a.png"));
        add(
                "entries that differ by case and dots",
                HostileFile.ZIP,
                stored(png, "a.png", "A.png", "./a.png", "b/../a.png"));
        add("central directory alone", HostileFile.ZIP, tail(zip, 30 + 5 + png.length));
        add("zip in two halves", HostileFile.ZIP, tail(zip, 40), zip);
        add("of zeros", HostileFile.ZIP, TestImages.zip(Map.of("a.png", new byte[LARGE], "b.png", new byte[LARGE])));
    }

    private void tars() {
        List<byte[]> sizes = List.of(
                octal(0),
                latin("-0000000001\0"),
                latin("77777777777\0"),
                latin("zzzzzzzzzzz\0"),
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
                new byte[] {-128, 0, 0, 0, 127, -1, -1, -1, -1, -1, -1, -1},
                new byte[12]);
        for (byte[] size : sizes) {
            add(
                    "tar size " + Arrays.toString(size),
                    HostileFile.TAR,
                    tarHeader("a.png", '0', size, ""),
                    png,
                    END_OF_TAR);
        }
        for (char kind : new char[] {'1', '2', '3', '4', '5', '6', '7', 'S', 'D', 'M', 'V', 'Z', '\u00ff'}) {
            byte[] header = tarHeader("a.png", kind, octal(png.length), "/etc/passwd");
            add("tar entry of kind " + (int) kind, HostileFile.TAR, tarEntry(header, png), END_OF_TAR);
        }
        byte[] wrong = tarHeader("a.png", '0', octal(png.length), "");
        wrong[150] ^= 1;
        add("wrong checksum of a header", HostileFile.TAR, tarEntry(wrong, png), END_OF_TAR);
        byte[] entry = tarEntry(tarHeader("a.png", '0', octal(png.length), ""), png);
        add("tar entry twice", HostileFile.TAR, entry, entry, END_OF_TAR);
        add("tar without its end", HostileFile.TAR, entry);
        for (String record : List.of(
                "13 size=-100\n",
                "20 size=99999999999\n",
                "999999999 path=a.png\n",
                "-5 path=a.png\n",
                "x path=a.png\n",
                "16 path=a\0b.png\n",
                "30 GNU.sparse.size=999999999\n",
                "24 GNU.sparse.map=-1,-1\n")) {
            add("extended header " + record.strip(), HostileFile.TAR, extended('x', latin(record)), entry, END_OF_TAR);
        }
        add("name of 20 MiB", HostileFile.TAR, extended('L', latin("a".repeat(20 << 20))), entry, END_OF_TAR);
        byte[] lying = tarHeader("a", 'x', octal(1L << 32), "");
        add("extended header of 4 GiB", HostileFile.TAR, lying, entry, END_OF_TAR);
    }

    private void gzips() throws IOException {
        byte[] tar = TestImages.tar(Map.of("a.png", png));
        byte[] gzip = TestImages.gzip(tar);
        byte[] entry = tarEntry(tarHeader("a.png", '0', octal(png.length), ""), png);
        byte[] wrong = gzip.clone();
        wrong[wrong.length - 8] ^= 1;
        byte[] resized = gzip.clone();
        resized[resized.length - 4] ^= 1;
        byte[] reserved = gzip.clone();
        reserved[3] = (byte) 0xe0;
        byte[] extra = gzip.clone();
        extra[3] = 0x1c;
        add("gzip with a wrong checksum", HostileFile.GZIP, wrong);
        add("gzip with a wrong size", HostileFile.GZIP, resized);
        add("gzip with reserved flags", HostileFile.GZIP, reserved);
        add("gzip with names that do not end", HostileFile.GZIP, extra);
        add("gzip in a gzip", HostileFile.GZIP, TestImages.gzip(gzip));
        add("bomb in a gzip in a gzip", HostileFile.GZIP, TestImages.gzip(TestImages.gzip(new byte[LARGE])));
        add("1,000 gzips", HostileFile.GZIP, repeated(TestImages.gzip(new byte[512]), 1_000));
        add("bomb behind an image", HostileFile.GZIP, TestImages.gzip(Bytes.join(entry, new byte[LARGE])));
    }

    /** A zip of that image under several names, one byte a character; not packed. */
    static byte[] stored(byte[] png, String... names) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(png);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            zip.setEncoding("ISO-8859-1");
            zip.setMethod(ZipArchiveOutputStream.STORED);
            for (String name : names) {
                ZipArchiveEntry entry = new ZipArchiveEntry(name);
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                entry.setSize(png.length);
                entry.setCrc(checksum.getValue());
                zip.putArchiveEntry(entry);
                zip.write(png);
                zip.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    /** A record before an entry, as long names have it. */
    static byte[] extended(char kind, byte[] content) {
        return tarEntry(tarHeader("extended", kind, octal(content.length), ""), content);
    }
}
