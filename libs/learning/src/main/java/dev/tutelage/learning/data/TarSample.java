package dev.tutelage.learning.data;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An image of a tar and its label as they lie there, not looked at yet.
 *
 * @param key the path up to the first dot of its last part
 * @param image what is in its {@code .png}, {@code .jpg}, {@code .jpeg} or {@code .webp}
 * @param label what is in its {@code .cls}
 * @param cutOff whether the tar is damaged where the sample may go on
 */
record TarSample(String key, Entry image, Entry label, boolean cutOff) {
    /** Longer texts are no class index. */
    static final int LONGEST_LABEL = 32;

    private static final int LONGEST_KEY = 512;

    /**
     * An entry of the tar, or its absence.
     *
     * @param present whether there is one
     * @param bytes its content; empty if it is absent or too large to be read
     */
    record Entry(boolean present, Optional<byte[]> bytes) {
        static final Entry ABSENT = new Entry(false, Optional.empty());
    }

    /** Bytes of what was read of it. */
    int bytes() {
        return image.bytes().map(bytes -> bytes.length).orElse(0);
    }

    TarSample withImage(Entry content) {
        return new TarSample(key, content, label, cutOff);
    }

    TarSample withLabel(Entry content) {
        return new TarSample(key, image, content, cutOff);
    }

    TarSample withCutOff(boolean isCutOff) {
        return new TarSample(key, image, label, isCutOff);
    }

    /** @throws UnusableImageException if people could not tell the image by its key */
    static void requireKey(String key) throws UnusableImageException {
        if (key.isEmpty() || key.endsWith("/")) {
            throw new UnusableImageException(RejectionKind.BAD_KEY, "has no key: its name starts with a dot");
        }
        if (key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw new UnusableImageException(
                    RejectionKind.BAD_KEY,
                    "has a key of more than " + LONGEST_KEY + " characters or with control characters");
        }
    }

    /** The encoded image, of at most {@code limit} bytes. */
    byte[] encoded(int limit) throws UnusableImageException {
        if (!image.present()) {
            throw lacking(RejectionKind.MISSING, "has a label but no image");
        }
        return image.bytes()
                .orElseThrow(
                        () -> new UnusableImageException(RejectionKind.TOO_LARGE, "has more than " + limit + " bytes"));
    }

    /** The class index that the label says, 0 or more. */
    int classIndex() throws UnusableImageException {
        if (!label.present()) {
            throw lacking(RejectionKind.BAD_LABEL, "has no label (.cls entry)");
        }
        byte[] bytes = label.bytes()
                .orElseThrow(() -> new UnusableImageException(
                        RejectionKind.BAD_LABEL, "has a label that is longer than " + LONGEST_LABEL + " bytes"));
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (!text.matches("[0-9]{1,9}")) {
            throw new UnusableImageException(
                    RejectionKind.BAD_LABEL,
                    "has a label that is not a whole number: \"" + PrintableText.of(text) + "\"");
        }
        return Integer.parseInt(text);
    }

    private UnusableImageException lacking(RejectionKind kind, String reason) {
        return cutOff
                ? new UnusableImageException(RejectionKind.TRUNCATED, "is cut off where the shard is damaged")
                : new UnusableImageException(kind, reason);
    }
}
