package dev.tutelage.learning.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * PNG and JPEG bytes to pixels and back.
 *
 * <p>Decoding is where strangers' bytes meet a native decoder, so the format is taken from the first bytes, the declared
 * size is checked before anything of that size is allocated, metadata (which may inflate without bound) is skipped, and
 * whatever the decoder throws becomes an {@link UnusableImageException}.
 */
public final class ImageCodec {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

    private ImageCodec() {}

    /**
     * Decodes a PNG or JPEG of exactly the given shape. Values of more or fewer than 8 bits are scaled to 8.
     *
     * @return uint8, [C, H, W]
     * @throws UnusableImageException if the bytes are no such image
     */
    public static byte[] decode(byte[] encoded, ImageShape shape) throws UnusableImageException {
        String format = format(encoded);
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        ImageReader reader = readers.next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (width != shape.width() || height != shape.height()) {
                throw new UnusableImageException("is " + height + " x " + width + " pixels (height x width), but the"
                        + " task's images are " + shape.height() + " x " + shape.width());
            }
            return pixels(reader.read(0), shape);
        } catch (IOException | RuntimeException e) {
            throw new UnusableImageException("is not a readable " + format + " image: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /**
     * Encodes pixels as PNG. The bytes depend on the pixels alone (no time, no text) and on the JDK's deflater.
     *
     * @param pixels uint8, [C, H, W]
     */
    public static byte[] png(ImageShape shape, byte[] pixels) {
        if (pixels.length != shape.size()) {
            throw new IllegalArgumentException(
                    "an image of " + shape + " has " + shape.size() + " values, not " + pixels.length);
        }
        int type = shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), type);
        int plane = shape.height() * shape.width();
        int[] samples = new int[plane];
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int i = 0; i < plane; i++) {
                samples[i] = pixels[channel * plane + i] & 0xff;
            }
            image.getRaster().setSamples(0, 0, shape.width(), shape.height(), channel, samples);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing a PNG to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static String format(byte[] encoded) throws UnusableImageException {
        if (startsWith(encoded, PNG)) {
            return "png";
        }
        if (startsWith(encoded, JPEG)) {
            return "jpeg";
        }
        throw new UnusableImageException(
                encoded.length == 0 ? "is empty" : "is neither PNG nor JPEG (by its first bytes)");
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static byte[] pixels(BufferedImage image, ImageShape shape) throws UnusableImageException {
        ColorModel colors = image.getColorModel();
        if (colors.hasAlpha()) {
            throw new UnusableImageException("has an alpha channel: flatten it to grey or RGB");
        }
        boolean palette = colors instanceof IndexColorModel;
        int channels = palette ? paletteChannels((IndexColorModel) colors) : colors.getNumColorComponents();
        if (channels != shape.channels()) {
            throw new UnusableImageException(
                    "has " + channels + " colour channels, but the task's images have " + shape.channels());
        }
        byte[] out = new byte[shape.size()];
        for (int channel = 0; channel < shape.channels(); channel++) {
            readChannel(image, palette, channel, out, channel * shape.height() * shape.width());
        }
        return out;
    }

    /** Samples are taken as stored: BufferedImage.getRGB would bend grey values through a colour profile. */
    private static void readChannel(BufferedImage image, boolean palette, int channel, byte[] out, int offset) {
        Raster raster = image.getRaster();
        int bits = image.getColorModel().getComponentSize(channel);
        double scale = palette ? 1 : 255.0 / ((1L << bits) - 1);
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            if (palette) {
                image.getRGB(0, y, row.length, 1, row, 0, row.length);
            } else {
                raster.getSamples(0, y, row.length, 1, channel, row);
            }
            for (int x = 0; x < row.length; x++) {
                int value = palette ? row[x] >> (16 - 8 * channel) & 0xff : (int) Math.round(row[x] * scale);
                out[offset + y * row.length + x] = (byte) value;
            }
        }
    }

    /** A PNG of 1, 2 or 4 grey bits comes from ImageIO as a palette of greys. */
    private static int paletteChannels(IndexColorModel colors) {
        for (int i = 0; i < colors.getMapSize(); i++) {
            if (colors.getRed(i) != colors.getGreen(i) || colors.getRed(i) != colors.getBlue(i)) {
                return 3;
            }
        }
        return 1;
    }
}
