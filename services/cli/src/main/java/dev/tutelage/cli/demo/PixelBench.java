package dev.tutelage.cli.demo;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.control.task.InvalidTaskException;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.learning.program.PixelRegression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the demo's labels give without a network. */
@Command(
        name = "pixels",
        description = "Logistic regression on the raw pixels of the demo's labeled images, for several draws of them.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage bench pixels --seeds 5"})
public final class PixelBench implements Callable<Integer> {

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Draws of the labels, by seeds 1 to N. Default: ${DEFAULT-VALUE}",
            defaultValue = "5")
    private int seeds;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        SampleFiles samples = SampleFiles.ofBuild();
        List<Double> accuracies = new ArrayList<>();
        try {
            int classes = TaskYaml.read(samples.task(), OptionalLong.empty()).getClassesCount();
            for (int seed = 1; seed <= seeds; seed++) {
                accuracies.add(accuracy(samples, Sample.drawn(samples, classes, DemoCommand.LABELS, seed)));
                terminal.say(String.format(Locale.ROOT, "seed %d: %.2f", seed, accuracies.get(seed - 1)));
            }
        } catch (IOException | InvalidTaskException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
        terminal.say(String.format(
                Locale.ROOT,
                "mean: %.2f",
                accuracies.stream().mapToDouble(x -> x).average().orElse(0)));
        return 0;
    }

    private static double accuracy(SampleFiles samples, int[] labeled) throws IOException, InterruptedException {
        return Double.parseDouble(new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                .run(
                        PixelRegression.class,
                        List.of(
                                samples.trainImages().toString(),
                                samples.trainLabels().toString(),
                                samples.testImages().toString(),
                                samples.testLabels().toString(),
                                Arrays.stream(labeled)
                                        .mapToObj(Integer::toString)
                                        .collect(Collectors.joining(",")))));
    }
}
