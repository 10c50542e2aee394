package dev.tutelage.gateway.upload;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Names that strangers give images. They are never used as paths of files. */
public final class ImageName {
    private static final int LONGEST = 200;
    /** What people keep images in. Those that cannot be read are said to be so, rather than passed over. */
    private static final Set<String> EXTENSIONS =
            Set.of("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "avif");

    private ImageName() {}

    /** The name, fit to be shown. */
    public static String shown(String name) {
        String printable = name.replaceAll("[^\\p{Print}\\p{L}\\p{N}]", "?");
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
    }

    /** Whether an entry of an archive is meant to be an image, by its name; hidden files are not. */
    public static boolean isImage(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot > 0
                && !file.startsWith(".")
                && EXTENSIONS.contains(file.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** The key: the path without the extension, and without whatever would lead out of the place where a shard is unpacked. */
    static String key(String name) {
        Deque<String> parts = new ArrayDeque<>(parts(name));
        if (parts.isEmpty()) {
            return "";
        }
        String last = parts.removeLast();
        int dot = last.lastIndexOf('.');
        parts.addLast((dot > 0 ? last.substring(0, dot) : last).replace('.', '_'));
        return String.join("/", parts);
    }

    /** The first folder on the way to an image, which is what the image shows; none where it is in no folder. */
    public static Optional<String> folder(String name) {
        List<String> parts = parts(name);
        return parts.size() > 1 ? Optional.of(parts.get(0)) : Optional.empty();
    }

    private static List<String> parts(String name) {
        return Arrays.stream(name.split("[/\\\\]"))
                .filter(part -> !part.isEmpty() && !part.equals(".") && !part.equals(".."))
                .toList();
    }
}
