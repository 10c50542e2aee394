package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.DamagedSourceException;
import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.SourceLabel;
import dev.tutelage.learning.data.TarStreamSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A WebDataset tar, plain or gzipped. The label of an image is its {@code .cls}, or else the first folder on its path.
 */
record TarBody(BodyStream body, BodyLimits limits) implements RequestBody {
    private static final int BUFFER = 1 << 16;

    @Override
    public void forEach(Taker taker) throws IOException {
        try {
            new TarStreamSource(unzipped(), "the tar", "", limits.ofTar())
                    .forEach(image -> taker.image(
                            ImageName.shown(image.key()),
                            new SourceImage(
                                    ImageName.key(image.key()),
                                    image.content(),
                                    image.label().or(() -> folder(image.key())))));
        } catch (DamagedSourceException e) {
            throw new DamagedArchiveException(e.damage(), e);
        } catch (ZipException | EOFException e) {
            throw new DamagedArchiveException("the gzip around the tar is damaged: " + e.getMessage(), e);
        }
    }

    private static Optional<SourceLabel> folder(String key) {
        return ImageName.folder(key).map(SourceLabel.Name::new);
    }

    /** By its first bytes, whatever it is called. */
    private InputStream unzipped() throws IOException {
        PushbackInputStream in = new PushbackInputStream(body, 2);
        byte[] magic = in.readNBytes(2);
        in.unread(magic);
        boolean zipped =
                magic.length == 2 && (((magic[1] & 0xff) << 8) | (magic[0] & 0xff)) == GZIPInputStream.GZIP_MAGIC;
        return zipped ? inflated(in) : in;
    }

    private InputStream inflated(InputStream in) throws IOException {
        return new Expansion(body, limits).watch(new GZIPInputStream(in, BUFFER));
    }
}
