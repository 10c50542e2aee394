package dev.tutelage.learning.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
     * @throws IllegalStateException if PyTorch was started for GPUs, by {@code PYTORCH_FLAVOR}, and finds none
     */
    public static List<Device> devices(int most) {
        Device[] devices = Engine.getEngine("PyTorch").getDevices(most == 0 ? Integer.MAX_VALUE : most);
        return orCpu(List.of(devices), Optional.ofNullable(Utils.getEnvOrSystemProperty("PYTORCH_FLAVOR")));
    }

    /**
     * DJL offers the CPU where it finds no GPU, without a word. A worker for GPUs would train for weeks what takes a day.
     *
     * @param flavor what PyTorch's libraries are built for: {@code cpu} or, for a version of CUDA, {@code cu128}
     */
    static List<Device> orCpu(List<Device> found, Optional<String> flavor) {
        boolean gpus = found.stream().anyMatch(Device::isGpu);
        if (!gpus && flavor.filter(name -> name.startsWith("cu")).isPresent()) {
            throw new IllegalStateException("PYTORCH_FLAVOR is " + flavor.get()
                    + ", but no GPU was found: either this machine or container has none (nvidia-smi lists them), or"
                    + " libcudart.so is not on the library path (ldconfig -p lists it). To train on the CPU, take a"
                    + " worker's image without -cuda, or unset PYTORCH_FLAVOR");
        }
        return found.isEmpty() ? List.of(Device.cpu()) : found;
    }

    /** Nobody watches and nothing is kept. */
    public static TrainingContext alone() {
        return new TrainingContext(TrainingObserver.none(), Snapshots.none());
    }
}
