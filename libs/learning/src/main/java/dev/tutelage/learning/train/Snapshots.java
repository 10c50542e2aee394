package dev.tutelage.learning.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where a training keeps its snapshots. One that cannot be used is passed over, and the next older one is tried. */
public interface Snapshots {

    /** Snapshots of this run as local files, the newest first; none if the run is new. */
    List<Path> newestFirst() throws IOException;

    /**
     * Keeps a snapshot.
     *
     * @param step steps done
     * @param file to be moved or copied before this returns; it is deleted afterwards
     */
    void save(long step, Path file) throws IOException;

    /** Keeps nothing. */
    static Snapshots none() {
        return new Snapshots() {
            @Override
            public List<Path> newestFirst() {
                return List.of();
            }

            @Override
            public void save(long step, Path file) {}
        };
    }
}
