package dev.tutelage.cli.gc;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.StoredObject;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes objects, or only counts them. Each is looked at again just before: one that was written since is somebody's, and
 * is spared.
 */
final class Removal {
    private final ArtifactStore store;
    private final Instant youngest;
    private final boolean delete;
    private final GcReport.Tally tally;

    /** @param youngest objects that were modified at this time or later are spared */
    Removal(ArtifactStore store, Instant youngest, boolean delete, GcReport.Tally tally) {
        this.store = store;
        this.youngest = youngest;
        this.delete = delete;
        this.tally = tally;
    }

    boolean deletes() {
        return delete;
    }

    /** Whether an object is old enough: what is younger may be about to be named by a fact. */
    boolean isOld(StoredObject object) {
        return object.modified().isBefore(youngest);
    }

    /** Removes an object of that size, of which it is known that nothing needs it. */
    void remove(Kind kind, String object, long size) {
        tally.found(kind, size);
        if (!delete) {
            return;
        }
        try {
            Optional<StoredObject> now = store.look(object);
            if (now.filter(this::isOld).isPresent()) {
                store.removeNamed(object);
                tally.removed(kind, size);
            } else {
                tally.spared(kind);
            }
        } catch (ArtifactStoreException e) {
            if (isGone(e)) {
                throw e;
            }
            tally.failed(object + ": " + e.getMessage());
        }
    }

    /** Whether no other object will fare better. */
    private static boolean isGone(ArtifactStoreException e) {
        return switch (e.kind()) {
            case UNAVAILABLE, NO_BUCKET -> true;
            case ACCESS_DENIED, NOT_FOUND, CORRUPT, NO_SPACE -> false;
        };
    }
}
