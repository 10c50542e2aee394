package dev.tutelage.cli.bench;

import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.program.UntrainedTeacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A model that has learned nothing, which takes as long as one that knows something. */
final class UntrainedModel {

    private UntrainedModel() {}

    /**
     * Makes one for a task, in a process that has libtorch.
     *
     * @param encoder name of its preset
     * @param seed of its weights
     * @return the directory
     */
    static Path make(Path directory, TaskDeclared task, String encoder, int seed)
            throws IOException, InterruptedException {
        String shape = task.getImage().getChannels() + "x" + task.getImage().getHeight() + "x"
                + task.getImage().getWidth();
        // What the process prints last is not for people.
        String unused = new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                .run(
                        UntrainedTeacher.class,
                        List.of(
                                directory.toString(),
                                task.getTask(),
                                String.join(",", task.getClassesList()),
                                shape,
                                encoder,
                                Integer.toString(seed)));
        return directory;
    }
}
