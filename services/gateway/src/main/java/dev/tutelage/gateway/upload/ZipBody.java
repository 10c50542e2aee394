package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.SourceLabel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * A zip of images, read as a stream. The label of an image is the first folder on its path. Entries that are no images by their
 * names are left alone, and so are archives in the archive.
 */
record ZipBody(BodyStream body, BodyLimits limits) implements RequestBody {

    @Override
    public void forEach(Taker taker) throws IOException {
        Expansion expansion = new Expansion(body, limits);
        // Stored entries whose size comes after them would be read into memory first, however large: they are refused.
        ZipArchiveInputStream zip = new ZipArchiveInputStream(body, StandardCharsets.UTF_8.name(), true, false);
        int entries = 0;
        Optional<ZipArchiveEntry> next = next(zip, entries);
        if (next.isEmpty()) {
            throw new DamagedArchiveException("it is no zip, or an empty one: it has no entry");
        }
        while (next.isPresent()) {
            if (++entries > limits.entries()) {
                throw new TooLargeException("the archive has more than " + limits.entries() + " entries");
            }
            read(zip, next.get(), expansion.watch(zip), taker);
            next = next(zip, entries);
        }
    }

    private static Optional<ZipArchiveEntry> next(ZipArchiveInputStream zip, int before) throws IOException {
        try {
            return Optional.ofNullable(zip.getNextEntry());
        } catch (TooLargeException | BrokenBodyException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged("after entry " + before, e);
        }
    }

    private void read(ZipArchiveInputStream zip, ZipArchiveEntry entry, InputStream content, Taker taker)
            throws IOException {
        String name = entry.getName();
        if (!zip.canReadEntryData(entry)) {
            throw new DamagedArchiveException(
                    "entry " + ImageName.shown(name) + " is encrypted, or packed by a method that is not read");
        }
        if (entry.isDirectory() || !ImageName.isImage(name)) {
            drain(content, name);
            return;
        }
        Optional<SourceLabel> label = ImageName.folder(name).map(SourceLabel.Name::new);
        taker.image(ImageName.shown(name), image(name, content, label));
    }

    private SourceImage image(String name, InputStream content, Optional<SourceLabel> label) throws IOException {
        try {
            return ImageBytes.read(ImageName.key(name), content, limits.imageBytes(), label);
        } catch (TooLargeException | BrokenBodyException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged("in entry " + ImageName.shown(name), e);
        }
    }

    private static void drain(InputStream content, String name) throws IOException {
        try {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (TooLargeException | BrokenBodyException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged("in entry " + ImageName.shown(name), e);
        }
    }

    private static DamagedArchiveException damaged(String where, Exception cause) {
        return new DamagedArchiveException(where + ": " + ImageName.shown(String.valueOf(cause.getMessage())), cause);
    }
}
