package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;

/** An image in a file of its own. */
public final class SourceFile {
    /** What people keep images in. Those that cannot be read are said to be so, rather than passed over. */
    private static final Set<String> EXTENSIONS =
            Set.of("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "avif");

    private SourceFile() {}

    /** Whether a file is meant to be an image, by its name; hidden files are not. */
    public static boolean isImage(Path file) {
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && EXTENSIONS.contains(extension);
    }

    /**
     * The key for a file: its path without the extension. The last part of a key has no dots, and no key leads out of the
     * place where a shard is unpacked.
     */
    public static String key(Path relative) {
        List<String> parts = new ArrayList<>(StreamSupport.stream(relative.spliterator(), false)
                .map(Path::toString)
                .filter(part -> !part.equals("..") && !part.equals("."))
                .toList());
        int last = parts.size() - 1;
        String name = parts.get(last);
        int dot = name.lastIndexOf('.');
        parts.set(last, (dot > 0 ? name.substring(0, dot) : name).replace('.', '_'));
        return String.join("/", parts);
    }

    /**
     * The file's bytes.
     *
     * @throws UnusableImageException if it cannot be read or is too large for an image
     */
    public static byte[] read(Path file) throws UnusableImageException {
        int limit = ShardLimits.DEFAULT.entryBytes();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
            throw new UnusableImageException(RejectionKind.MISSING, "is no file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new UnusableImageException(RejectionKind.TOO_LARGE, "has more than " + limit + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UnusableImageException(RejectionKind.MISSING, "is not there", e);
        } catch (IOException e) {
            throw new UnusableImageException(RejectionKind.UNREADABLE, "cannot be read: " + e, e);
        }
    }
}
