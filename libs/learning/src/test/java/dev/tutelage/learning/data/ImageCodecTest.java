package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** The encoded images were written by Pillow; {@link FitTest} has those of other sizes. */
class ImageCodecTest {
    private static final ImageShape GREY = new ImageShape(1, 2, 3);
    private static final ImageShape RGB = new ImageShape(3, 2, 3);
    private static final byte[] GREYS = bytes(0, 17, 128, 200, 254, 255);
    private static final byte[] COLOURS =
            bytes(0, 42, 84, 126, 168, 210, 14, 56, 98, 140, 182, 224, 28, 70, 112, 154, 196, 238);

    private static final byte[] GREY_PNG =
            base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNkEMxnOPHvPwAH"
                    + "9ANHCVHngQAAAABJRU5ErkJggg==");
    private static final byte[] RGB_PNG =
            base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAGElEQVR4nGNk4JPR0tLS0tJi"
                    + "rOuZBWEBACDKA8nJD4irAAAAAElFTkSuQmCC");

    /** In place of a quality. */
    private static final int LOSSLESS = 101;

    private static final byte[] JPEG =
            base64("/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcp"
                    + "LDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgED"
                    + "AwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RF"
                    + "RkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJ"
                    + "ytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOMr/9k=");

    @Test
    void greyAndColourComeAsStored() throws Exception {
        assertThat(ImageCodec.decode(GREY_PNG, GREY)).isEqualTo(GREYS);
        assertThat(ImageCodec.decode(RGB_PNG, RGB)).isEqualTo(COLOURS);
    }

    @Test
    void palettesAndOtherDepthsBecomeEightBits() throws Exception {
        byte[] palette =
                base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAMAAABvWnspAAAAElBMVEXS4O6otsR+jJpUYnAqOEYADhxjlae8AAAADk"
                        + "lEQVR4nGMMucOgyAAABWIBU7z9z9YAAAAASUVORK5CYII=");
        byte[] oneBit =
                base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR4nGNQYHgAAAFEAQFdKvHKAAAAAElFTkSuQmCC");
        byte[] sixteenBits =
                base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAAAAADoj+WFAAAAFklEQVR4nGNkYBAUzM9nOHHi37///wEbZwaM"
                        + "KZTR4gAAAABJRU5ErkJggg==");
        assertThat(ImageCodec.decode(palette, RGB)).isEqualTo(COLOURS);
        assertThat(ImageCodec.decode(oneBit, GREY)).isEqualTo(bytes(0, 0, 255, 255, 255, 255));
        assertThat(ImageCodec.decode(sixteenBits, GREY)).isEqualTo(GREYS);
    }

    @Test
    void jpegIsReadToo() throws Exception {
        byte[] expected = new byte[64];
        Arrays.fill(expected, (byte) 77);
        assertThat(ImageCodec.decode(JPEG, new ImageShape(1, 8, 8))).isEqualTo(expected);
    }

    @Test
    void writtenImagesReadBackExactly() throws Exception {
        assertThat(ImageCodec.decode(ImageCodec.png(GREY, GREYS), GREY)).isEqualTo(GREYS);
        assertThat(ImageCodec.decode(ImageCodec.png(RGB, COLOURS), RGB)).isEqualTo(COLOURS);
        assertThat(ImageCodec.png(RGB, COLOURS)).isEqualTo(ImageCodec.png(RGB, COLOURS));
    }

    @Test
    void wrongChannelsAndAlphaAreSaid() {
        byte[] alpha =
                base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAG0lEQVR4nGNk4JNp0NLSYtDS0mJgqaurY4BxADYeBCKj"
                        + "WOeSAAAAAElFTkSuQmCC");
        assertThatThrownBy(() -> ImageCodec.decode(RGB_PNG, GREY))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("has 3 colour channels, but the task's images have 1");
        for (ImageShape shape : List.of(RGB, GREY)) {
            assertThatThrownBy(() -> ImageCodec.decode(alpha, shape))
                    .hasMessage("has an alpha channel: flatten it to grey or RGB");
        }
        assertThatThrownBy(() -> ImageCodec.decode(alpha, new ImageShape(2, 2, 3)))
                .hasMessage("has 4 channels with alpha, but the task's images have 2");
        assertThatThrownBy(() -> ImageCodec.decode(RGB_PNG, new ImageShape(4, 2, 3)))
                .hasMessage("has 3 colour channels, but the task's images have 4");
        assertThatThrownBy(() -> ImageCodec.decode(withChunk("tRNS", new byte[2]), GREY))
                .hasMessageContaining("alpha channel in disguise");
    }

    @Test
    void alphaIsAChannelOfTasksThatHaveOne() throws Exception {
        byte[] alpha =
                base64("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAG0lEQVR4nGNk4JNp0NLSYtDS0mJgqaurY4BxADYeBCKj"
                        + "WOeSAAAAAElFTkSuQmCC");
        byte[] opaqueHalf = Arrays.copyOf(COLOURS, 24);
        Arrays.fill(opaqueHalf, 18, 24, (byte) 128);
        assertThat(ImageCodec.decode(alpha, new ImageShape(4, 2, 3))).isEqualTo(opaqueHalf);
        for (int channels = 2; channels <= 4; channels += 2) {
            ImageShape shape = new ImageShape(channels, 2, 3);
            byte[] pixels = Arrays.copyOf(COLOURS, shape.size());
            assertThat(ImageCodec.decode(ImageCodec.png(shape, pixels), shape)).isEqualTo(pixels);
        }
    }

    /** The same colours as the PNG's, encoded without loss. */
    @Test
    void webpIsReadTooButNoAnimatedOne() throws Exception {
        byte[] webp = Encoded.webp(RGB, COLOURS, LOSSLESS);
        assertThat(ImageCodec.decode(webp, RGB)).isEqualTo(COLOURS);
        assertThatThrownBy(() -> ImageCodec.decode(webp, GREY)).hasMessageContaining("has 3 colour channels");
        ImageShape rgba = new ImageShape(4, 2, 3);
        byte[] pixels = bytes(IntStream.range(0, 24).map(i -> i * 10).toArray());
        assertThat(ImageCodec.decode(Encoded.webp(rgba, pixels, LOSSLESS), rgba))
                .isEqualTo(pixels);

        byte[] extended = Encoded.webp(rgba, pixels, 80);
        assertThat(new String(extended, 12, 4, StandardCharsets.US_ASCII)).isEqualTo("VP8X");
        assertThat(ImageCodec.decode(extended, rgba)).hasSize(24);
        extended[20] |= 2;
        assertThatThrownBy(() -> ImageCodec.decode(extended, rgba)).hasMessageContaining("is animated");
        assertThat(ImageCodec.decode(Encoded.webp(RGB, COLOURS, 80), RGB)).hasSize(18);
    }

    @Test
    void whatTheDecoderWouldFillWithGreyIsRefused() {
        for (int length = 3; length < JPEG.length; length++) {
            byte[] torn = Arrays.copyOf(JPEG, length);
            assertThatThrownBy(() -> ImageCodec.decode(torn, new ImageShape(1, 8, 8)))
                    .as("length %s", length)
                    .isInstanceOf(UnusableImageException.class)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void aJpegThatIsGoneOverWithoutEndIsRefused() {
        byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 2, 0};
        ByteBuffer jpeg = ByteBuffer.allocate(JPEG.length + 101 * scan.length);
        jpeg.put(JPEG, 0, JPEG.length - 2);
        for (int i = 0; i < 101; i++) {
            jpeg.put(scan);
        }
        jpeg.put(JPEG, JPEG.length - 2, 2);
        assertThatThrownBy(() -> ImageCodec.decode(jpeg.array(), new ImageShape(1, 8, 8)))
                .hasMessageContaining("has 102 scans");
    }

    @Test
    void everyTruncationAndEveryFlippedByteIsAtWorstUnusable() {
        for (byte[] whole :
                List.of(RGB_PNG, JPEG, Encoded.webp(RGB, COLOURS, LOSSLESS), Encoded.webp(RGB, COLOURS, 80))) {
            for (int i = 0; i < whole.length; i++) {
                attempt(Arrays.copyOf(whole, i));
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) 0xff;
                attempt(flipped);
            }
        }
    }

    @Test
    void whatIsWrongHasAKind() {
        byte[] webp = Encoded.webp(RGB, COLOURS, LOSSLESS);
        byte[] animated = Encoded.webp(new ImageShape(4, 2, 3), new byte[24], 80);
        animated[20] |= 2;
        byte[] damaged = RGB_PNG.clone();
        damaged[45] ^= 1;
        byte[] gif = "GIF89a".getBytes(StandardCharsets.US_ASCII);
        for (byte[] whole : List.of(RGB_PNG, webp)) {
            for (int length = 16; length < whole.length; length++) {
                assertThat(kind(Arrays.copyOf(whole, length), RGB)).isEqualTo(RejectionKind.TRUNCATED);
            }
        }
        assertThat(kind(Arrays.copyOf(JPEG, 200), new ImageShape(1, 8, 8))).isEqualTo(RejectionKind.TRUNCATED);
        assertThat(kind(new byte[0], RGB)).isEqualTo(RejectionKind.TRUNCATED);
        assertThat(kind(animated, new ImageShape(4, 2, 3))).isEqualTo(RejectionKind.ANIMATED);
        assertThat(kind(damaged, RGB)).isEqualTo(RejectionKind.UNREADABLE);
        assertThat(kind(gif, RGB)).isEqualTo(RejectionKind.UNSUPPORTED_FORMAT);
        assertThat(kind(RGB_PNG, GREY)).isEqualTo(RejectionKind.WRONG_CHANNELS);
        assertThat(kind(huge(Integer.MAX_VALUE), GREY)).isEqualTo(RejectionKind.TOO_LARGE);
        assertThat(kind(huge(0), GREY)).isEqualTo(RejectionKind.UNREADABLE);
    }

    private static RejectionKind kind(byte[] encoded, ImageShape shape) {
        try {
            ImageCodec.decode(encoded, shape);
            throw new AssertionError("it can be decoded");
        } catch (UnusableImageException e) {
            return e.kind();
        }
    }

    @Test
    void hugeDeclaredSizesAreRefusedBeforeTheyAreAllocated() {
        assertThatThrownBy(() -> ImageCodec.decode(huge(Integer.MAX_VALUE), GREY))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("2147483647 x 2147483647 pixels");
    }

    /** The grey PNG, its header saying that it has so many pixels each way. */
    private static byte[] huge(int side) {
        byte[] huge = GREY_PNG.clone();
        ByteBuffer header = ByteBuffer.wrap(huge);
        header.putInt(16, side).putInt(20, side);
        CRC32 crc = new CRC32();
        crc.update(huge, 12, 17);
        header.putInt(29, (int) crc.getValue());
        return huge;
    }

    /** 64 MiB of text in 64 KiB, before the pixels, and a colour profile alike. */
    @Test
    void compressedMetadataIsNotInflated() throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(new byte[] {'a', 0, 0});
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(text)) {
            for (int i = 0; i < 64; i++) {
                deflated.write(new byte[1 << 20]);
            }
        }
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String chunk : new String[] {"zTXt", "iCCP"}) {
            byte[] bomb = withChunk(chunk, text.toByteArray());
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertThat(ImageCodec.decode(bomb, GREY)).isEqualTo(GREYS);
            assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                    .isLessThan(8 << 20);
        }
    }

    /** The grey PNG with one more chunk after its header. */
    private static byte[] withChunk(String type, byte[] data) {
        int header = 33;
        ByteBuffer png = ByteBuffer.allocate(GREY_PNG.length + data.length + 12);
        png.put(GREY_PNG, 0, header).putInt(data.length);
        int start = png.position();
        png.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(png.array(), start, data.length + 4);
        png.putInt((int) crc.getValue());
        return png.put(GREY_PNG, header, GREY_PNG.length - header).array();
    }

    private static void attempt(byte[] encoded) {
        for (ImageShape shape : List.of(RGB, new ImageShape(1, 8, 8))) {
            try {
                assertThat(ImageCodec.decode(encoded, shape)).hasSize(shape.size());
            } catch (UnusableImageException e) {
                assertThat(e).hasMessageMatching("(?s)(is|has) .+");
            }
        }
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
