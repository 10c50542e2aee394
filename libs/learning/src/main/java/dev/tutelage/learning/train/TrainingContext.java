package dev.tutelage.learning.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.time.Duration;
import java.util.List;

/**
 * What surrounds a training.
 *
 * @param observer who watches it
 * @param snapshots where its snapshots are kept
 * @param snapshotEvery wall time between two snapshots
 * @param devices what pretraining's batches are shared out to, 1 or more; weights are on the first
 */
public record TrainingContext(
        TrainingObserver observer, Snapshots snapshots, Duration snapshotEvery, List<Device> devices) {

    /** How often snapshots are written unless one says otherwise. */
    public static final Duration SNAPSHOT_EVERY = Duration.ofSeconds(20);

    public TrainingContext(TrainingObserver observer, Snapshots snapshots) {
        this(observer, snapshots, SNAPSHOT_EVERY);
    }

    /** On the engine's first device: a GPU if there is one. */
    public TrainingContext(TrainingObserver observer, Snapshots snapshots, Duration snapshotEvery) {
        this(observer, snapshots, snapshotEvery, devices(1));
    }

    /**
     * The first GPUs of this machine, or the CPU if it has none.
     *
     * @param most how many GPUs to take; 0 for all
     */
    public static List<Device> devices(int most) {
        Device[] devices = Engine.getEngine("PyTorch").getDevices(most == 0 ? Integer.MAX_VALUE : most);
        return devices.length == 0 ? List.of(Device.cpu()) : List.of(devices);
    }

    /** Nobody watches and nothing is kept. */
    public static TrainingContext alone() {
        return new TrainingContext(TrainingObserver.none(), Snapshots.none());
    }
}
