package dev.tutelage.cli;

import dev.tutelage.cli.machine.MachineFlags;
import java.nio.file.Path;

/** Where the files of the sample of Fashion-MNIST are, and the task file that goes with them. */
public record SampleFiles(Path directory) {

    /** Those of this build. */
    public static SampleFiles ofBuild() {
        return new SampleFiles(MachineFlags.home().resolve("samples/fashion-mnist"));
    }

    public Path task() {
        return directory.resolve("task.yaml");
    }

    /** The task where images and labels keep coming. */
    public Path continuousTask() {
        return directory.resolve("continuous.yaml");
    }

    public Path trainImages() {
        return directory.resolve("train-images-idx3-ubyte.gz");
    }

    public Path trainLabels() {
        return directory.resolve("train-labels-idx1-ubyte.gz");
    }

    /** Images that come later, of which none is among the others. */
    public Path moreImages() {
        return directory.resolve("more-images-idx3-ubyte.gz");
    }

    public Path moreLabels() {
        return directory.resolve("more-labels-idx1-ubyte.gz");
    }

    public Path testImages() {
        return directory.resolve("test-images-idx3-ubyte.gz");
    }

    public Path testLabels() {
        return directory.resolve("test-labels-idx1-ubyte.gz");
    }
}
