package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.UnusableImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/** Files that gateways take, each changed at random: equal seeds give equal files. */
final class FuzzedFiles {
    private static final int EACH = 3;

    private FuzzedFiles() {}

    static List<HostileFile> of(long seed) throws IOException, UnusableImageException {
        List<HostileFile> fuzzed = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (HostileFile original : originals()) {
            for (Mutation mutation : Mutation.values()) {
                for (int i = 0; i < EACH; i++) {
                    String name = original.name() + " " + mutation.name().toLowerCase(Locale.ROOT) + " " + i;
                    byte[] changed = mutation.of(original.body().get(), random.split());
                    fuzzed.add(HostileFile.of(name, original.type(), changed));
                }
            }
        }
        return fuzzed;
    }

    /** One of each kind, and nothing wrong with it. */
    static List<HostileFile> originals() throws IOException, UnusableImageException {
        byte[] png = TestImages.png(1);
        byte[] jpeg = TestImages.jpeg(1);
        byte[] webp = webp(png);
        Map<String, byte[]> images = new LinkedHashMap<>();
        images.put("wren/a.png", png);
        images.put("wren/b.jpg", jpeg);
        images.put("c.webp", webp);
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("label", Bytes.latin("wren"));
        images.forEach((name, bytes) -> parts.put("file:" + name, bytes));
        return List.of(
                HostileFile.of("png", HostileFile.PNG, png),
                HostileFile.of("jpeg", HostileFile.JPEG, jpeg),
                HostileFile.of("webp", HostileFile.WEBP, webp),
                HostileFile.of("zip", HostileFile.ZIP, TestImages.zip(images)),
                HostileFile.of("tar", HostileFile.TAR, TestImages.tar(images)),
                HostileFile.of("gzipped tar", HostileFile.GZIP, TestImages.gzip(TestImages.tar(images))),
                HostileFile.of("form", HostileFile.FORM, TestImages.form("x", parts)));
    }

    private static byte[] webp(byte[] png) throws UnusableImageException {
        // Loads OpenCV.
        ImageCodec.decode(png, TestImages.SHAPE);
        MatOfByte encoded = new MatOfByte();
        if (!Imgcodecs.imencode(".webp", Imgcodecs.imdecode(new MatOfByte(png), Imgcodecs.IMREAD_COLOR), encoded)) {
            throw new IllegalStateException("OpenCV writes no WebP");
        }
        return encoded.toArray();
    }
}
