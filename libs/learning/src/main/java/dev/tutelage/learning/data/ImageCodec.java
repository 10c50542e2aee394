package dev.tutelage.learning.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * PNG, JPEG and WebP bytes to pixels, and pixels to PNG.
 *
 * <p>Decoding is where strangers' bytes meet a native decoder, so the format is taken from the first bytes, the declared
 * size is checked before anything of that size is allocated, metadata of a PNG (which may inflate without bound) is kept
 * from the decoder, and whatever the decoder throws becomes an {@link UnusableImageException}.
 */
public final class ImageCodec {

    private ImageCodec() {}

    /**
     * Decodes an image and brings it to the given height and width: the largest box in its middle that has the shape's
     * ratio of sides is cut out and scaled, by the mean of the area of each pixel if it shrinks and by cubic interpolation
     * if it grows. The pixels of a PNG of exactly the given size come as they are stored. Values of more or fewer than 8
     * bits are scaled to 8. Of an animated PNG, the image that other readers show is taken.
     *
     * @param encoded PNG, JPEG or WebP, with as many channels as the shape: alpha counts as one
     * @return uint8, [C, H, W]
     * @throws UnusableImageException if the bytes are no such image, or declare more than 33 million pixels
     */
    public static byte[] decode(byte[] encoded, ImageShape shape) throws UnusableImageException {
        ImageFormat format = ImageFormat.of(encoded);
        ImageHeader header = ImageHeader.of(format, encoded);
        header.requireChannels(shape.channels());
        byte[] essential = format == ImageFormat.PNG ? PngChunks.withoutMetadata(encoded) : encoded;
        OpenCv.load();
        try (DecodedImage image = DecodedImage.of(format, header, essential)) {
            image.fit(shape);
            return image.planes();
        } catch (RuntimeException e) {
            throw new UnusableImageException(
                    RejectionKind.UNREADABLE, "is not a readable " + format + " image: " + e.getMessage(), e);
        }
    }

    /** Whether an encoded image has the height and width of a shape, so that it comes as it is. */
    static boolean hasSize(byte[] encoded, ImageShape shape) throws UnusableImageException {
        ImageHeader header = ImageHeader.of(ImageFormat.of(encoded), encoded);
        return header.height() == shape.height() && header.width() == shape.width();
    }

    /**
     * Encodes pixels as PNG. The bytes depend on the pixels alone (no time, no text) and on the JDK's deflater.
     *
     * @param pixels uint8, [C, H, W]; a second or fourth channel is alpha
     */
    public static byte[] png(ImageShape shape, byte[] pixels) {
        if (pixels.length != shape.size()) {
            throw new IllegalArgumentException(
                    "an image of " + shape + " has " + shape.size() + " values, not " + pixels.length);
        }
        BufferedImage image = blank(shape);
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

    private static BufferedImage blank(ImageShape shape) {
        int channels = shape.channels();
        if (channels == 1) {
            return new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_BYTE_GRAY);
        }
        if (channels == 3) {
            return new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_3BYTE_BGR);
        }
        ColorSpace colours = ColorSpace.getInstance(channels == 2 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
        ComponentColorModel model =
                new ComponentColorModel(colours, true, false, ComponentColorModel.TRANSLUCENT, DataBuffer.TYPE_BYTE);
        WritableRaster raster =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, shape.width(), shape.height(), channels, null);
        return new BufferedImage(model, raster, false, null);
    }
}
