package dev.tutelage.cli.gc;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.DigestTable;
import dev.tutelage.platform.artifact.StoredObject;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The artifacts in the store that are old enough to be removed, and which of them are named. They are listed before the facts
 * are read: a fact that is said later names bytes that were not there yet, or are young.
 */
final class Inventory {
    private static final String PREFIX = "sha256/";
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{2}/(?<digest>[0-9a-f]{64})");

    /** Sizes; of those that are named, the complement. */
    private final DigestTable artifacts = new DigestTable();

    /** Lists what is old enough. */
    static Inventory of(ArtifactStore store, Removal removal) {
        Inventory inventory = new Inventory();
        store.forEach(PREFIX, object -> {
            if (removal.isOld(object)) {
                digestOf(object).ifPresent(digest -> inventory.artifacts.put(digest, object.size()));
            }
        });
        return inventory;
    }

    private static Optional<Digest> digestOf(StoredObject object) {
        Matcher name = NAME.matcher(object.name());
        return name.matches() ? Optional.of(new Digest(name.group("digest"))) : Optional.empty();
    }

    /** Notes that something names an artifact, or what only looks like one. */
    void name(Digest digest) {
        artifacts.get(digest).ifPresent(size -> artifacts.put(digest, size < 0 ? size : ~size));
    }

    /** Whether an artifact is there and old enough. */
    boolean has(Digest digest) {
        return artifacts.contains(digest);
    }

    /** Tells the artifacts that nothing names, with their sizes. */
    void forEachUnnamed(BiConsumer<Digest, Long> taker) {
        artifacts.forEach((digest, size) -> {
            if (size >= 0) {
                taker.accept(digest, size);
            }
        });
    }
}
