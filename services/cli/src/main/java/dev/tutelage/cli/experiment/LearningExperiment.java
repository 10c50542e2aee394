package dev.tutelage.cli.experiment;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.learning.program.LearningStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    /** One study of one seed. */
    private record Part(String study, Path data, int seed) {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        List<Part> parts = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            int number = seed;
            fashionMnist.ifPresent(data -> parts.add(new Part("fashion-mnist", data, number)));
            mnist.ifPresent(data -> parts.add(new Part("mnist", data, number)));
        }
        if (parts.isEmpty()) {
            terminal.fail("Nothing to study: give --fashion-mnist DIR, --mnist DIR, or both");
            return 2;
        }
        try {
            runAll(parts, terminal);
            for (String study : parts.stream().map(Part::study).distinct().toList()) {
                terminal.say("");
                StudyTable.read(work, study, seeds).lines().forEach(terminal::say);
            }
            return 0;
        } catch (IOException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private void runAll(List<Part> parts, Terminal terminal) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, parallel));
        try {
            List<Future<String>> running = new ArrayList<>();
            for (Part part : parts) {
                running.add(pool.submit(() -> run(part, terminal)));
            }
            for (Future<String> end : running) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private String run(Part part, Terminal terminal) throws IOException, InterruptedException {
        List<String> arguments =
                List.of(part.study(), part.data().toString(), work.toString(), Integer.toString(part.seed()));
        return new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                .run(
                        LearningStudy.class,
                        arguments,
                        Map.of("OMP_NUM_THREADS", "1"),
                        line -> said(part, line, terminal));
    }

    private static void said(Part part, String line, Terminal terminal) {
        if (line.startsWith("{")) {
            terminal.sayTimed(part.study() + ", seed " + part.seed() + ": " + line);
        }
    }
}
