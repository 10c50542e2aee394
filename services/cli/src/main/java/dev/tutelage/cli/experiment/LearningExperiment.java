package dev.tutelage.cli.experiment;

import dev.tutelage.cli.Terminal;
import dev.tutelage.learning.program.LearningStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The memory, the projection head, stored logits against a live teacher, and MNIST with 100 labels. */
@Command(
        name = "learning",
        description =
                "Studies the memory, the projection head and stored logits on Fashion-MNIST, and 100 labels on MNIST.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  tutelage experiments learning --fashion-mnist data/fashion-mnist --mnist data/mnist"
        })
final class LearningExperiment implements Callable<Integer> {

    @Option(
            names = "--fashion-mnist",
            paramLabel = "DIR",
            description = "Directory with the four IDX files of Fashion-MNIST. Without it that study is left out")
    private Optional<Path> fashionMnist;

    @Option(
            names = "--mnist",
            paramLabel = "DIR",
            description = "Directory with the four IDX files of MNIST. Without it that study is left out")
    private Optional<Path> mnist;

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
            defaultValue = "3")
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
        List<StudyRuns.Part> parts = new ArrayList<>();
        Set<String> studies = new LinkedHashSet<>();
        for (int seed = 1; seed <= seeds; seed++) {
            int number = seed;
            fashionMnist.ifPresent(data -> parts.add(part("fashion-mnist", data, number, studies)));
            mnist.ifPresent(data -> parts.add(part("mnist", data, number, studies)));
        }
        if (parts.isEmpty()) {
            terminal.fail("Nothing to study: give --fashion-mnist DIR, --mnist DIR, or both");
            return 2;
        }
        try {
            new StudyRuns(LearningStudy.class, parallel, terminal).run(parts);
            for (String study : studies) {
                terminal.say("");
                StudyTable.read(work, study, seeds).lines().forEach(terminal::say);
            }
            return 0;
        } catch (IOException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private StudyRuns.Part part(String study, Path data, int seed, Set<String> studies) {
        studies.add(study);
        return new StudyRuns.Part(
                study + ", seed " + seed, List.of(study, data.toString(), work.toString(), Integer.toString(seed)));
    }
}
