package dev.tutelage.learning.train;

import java.time.Duration;

/**
 * What surrounds a training.
 *
 * @param observer who watches it
 * @param snapshots where its snapshots are kept
 * @param snapshotEvery wall time between two snapshots
 */
public record TrainingContext(TrainingObserver observer, Snapshots snapshots, Duration snapshotEvery) {

    /** How often snapshots are written unless one says otherwise. */
    public static final Duration SNAPSHOT_EVERY = Duration.ofSeconds(20);

    public TrainingContext(TrainingObserver observer, Snapshots snapshots) {
        this(observer, snapshots, SNAPSHOT_EVERY);
    }

    /** Nobody watches and nothing is kept. */
    public static TrainingContext alone() {
        return new TrainingContext(TrainingObserver.none(), Snapshots.none());
    }
}
