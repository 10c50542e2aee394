package dev.tutelage.gateway.upload;

import static dev.tutelage.gateway.upload.Bytes.join;
import static dev.tutelage.gateway.upload.Bytes.latin;
import static dev.tutelage.gateway.upload.Bytes.repeated;
import static dev.tutelage.gateway.upload.Bytes.tail;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Images whose headers lie, and files that are several things at once; some can be used all the same. */
final class LyingImages {
    private static final int LARGE = 64 << 20;

    private final List<HostileFile> files = new ArrayList<>();
    private final byte[] png = TestImages.png(1);

    private LyingImages() {}

    static List<HostileFile> all() throws IOException {
        LyingImages lying = new LyingImages();
        lying.images();
        lying.polyglots();
        return lying.files;
    }

    private void add(String name, String type, byte[]... body) {
        files.add(new HostileFile(name, type, () -> Bytes.join(body)));
    }

    private void images() throws IOException {
        byte[] beginning = Arrays.copyOf(png, 33);
        byte[] rest = Arrays.copyOfRange(png, 33, png.length);
        byte[] end = Bytes.chunk("IEND", new byte[0]);
        byte[] bomb = Bytes.deflated(new byte[LARGE]);
        add("png of 64 MiB in 8 x 8 pixels", HostileFile.PNG, beginning, Bytes.chunk("IDAT", bomb), end);
        add("text of 64 MiB", HostileFile.PNG, beginning, Bytes.chunk("zTXt", join(latin("a\0\0"), bomb)), rest);
        add("profile of 64 MiB", HostileFile.PNG, beginning, Bytes.chunk("iCCP", join(latin("a\0\0"), bomb)), rest);
        byte[] chunks = repeated(Bytes.chunk("teXt", latin("a\0b")), 100_000);
        add("100,000 chunks", HostileFile.PNG, beginning, chunks, rest);
        add("chunk of 2 GiB", HostileFile.PNG, beginning, new byte[] {127, -1, -1, -1}, latin("IDAT"), rest);
        add("unknown critical chunk", HostileFile.PNG, beginning, Bytes.chunk("ABCD", new byte[9]), rest);
        add("two headers", HostileFile.PNG, beginning, Arrays.copyOfRange(beginning, 8, 33), rest);
        for (int depth : new int[] {0, 3, 32, 255}) {
            byte[] header = {0, 0, 0, 8, 0, 0, 0, 8, (byte) depth, 2, 0, 0, 0};
            add(depth + " bits a pixel", HostileFile.PNG, Arrays.copyOf(png, 8), Bytes.chunk("IHDR", header), rest);
        }
        byte[] jpeg = TestImages.jpeg(1);
        byte[] huge = jpeg.clone();
        int frame = frameOf(huge);
        Arrays.fill(huge, frame + 5, frame + 9, (byte) 255);
        add("jpeg of 65,535 x 65,535 pixels", HostileFile.JPEG, huge);
        byte[] segment = join(new byte[] {-1, -31, -1, -1}, new byte[65_533]);
        add("jpeg of 200 segments", HostileFile.JPEG, Arrays.copyOf(jpeg, 2), repeated(segment, 200), tail(jpeg, 2));
        add("jpeg that begins 10,000 times", HostileFile.JPEG, latin("\u00ff\u00d8".repeat(10_000)), tail(jpeg, 2));
        for (String format : List.of("gif", "bmp", "tiff")) {
            add(format + " as a png", HostileFile.PNG, encoded(format));
        }
    }

    private void polyglots() throws IOException {
        byte[] zip = TestImages.zip(Map.of("a.png", png));
        byte[] jpeg = TestImages.jpeg(1);
        add("png that is a zip too, as a png", HostileFile.PNG, png, zip);
        add("png that is a zip too, as a zip", HostileFile.ZIP, png, zip);
        add("jpeg that is a zip too", HostileFile.JPEG, jpeg, zip);
        add("gif that is a zip too, in a zip", HostileFile.ZIP, encoded("gif"), zip);
        add("gif that is a script", HostileFile.PNG, latin("GIF89a=1;alert(1)//"));
        add("png that is a page too", HostileFile.PNG, png, latin("<html><script>alert(1)</script></html>"));
        add("tar that is a zip too", HostileFile.TAR, TestImages.tar(Map.of("a.png", png)), zip);
        add("pdf in front of a png", HostileFile.PNG, latin("%PDF-1.7\n"), png);
        add("program", HostileFile.PNG, latin("\u007fELF\2\1\1"), new byte[100]);
    }

    /** Where the frame of a JPEG begins, which tells its size. */
    private static int frameOf(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xc0) {
            at += 2 + ((jpeg[at + 2] & 0xff) << 8) + (jpeg[at + 3] & 0xff);
        }
        return at;
    }

    private static byte[] encoded(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), format, out)) {
            throw new IllegalStateException("no " + format + " is written");
        }
        return out.toByteArray();
    }
}
