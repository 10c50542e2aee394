package dev.tutelage.cli.experiment;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.learning.program.WarmStartStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pretraining that goes on from a checkpoint beside pretraining that begins at random. */
@Command(
        name = "warm-start",
        description =
                "Pretrains on half of the sample of Fashion-MNIST, then on the other half too: from the checkpoint, and"
                        + " from random weights.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage experiments warm-start"})
final class WarmStartExperiment implements Callable<Integer> {
    private static final String STUDY = "warm-start";

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Keeps what is done. Default: ${DEFAULT-VALUE}",
            defaultValue = "experiments")
    private Path work;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Seeds 1 to N. Default: ${DEFAULT-VALUE}",
            defaultValue = "2")
    private int seeds;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Seeds at a time, each on one thread. Default: ${DEFAULT-VALUE}",
            defaultValue = "2")
    private int parallel;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        String sample = SampleFiles.ofBuild().directory().toString();
        List<StudyRuns.Part> parts = IntStream.rangeClosed(1, seeds)
                .mapToObj(seed -> new StudyRuns.Part(
                        STUDY + ", seed " + seed, List.of(sample, work.toString(), Integer.toString(seed))))
                .toList();
        try {
            new StudyRuns(WarmStartStudy.class, parallel, terminal).run(parts);
            StudyTable.read(work, STUDY, seeds).lines().forEach(terminal::say);
            return 0;
        } catch (IOException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
