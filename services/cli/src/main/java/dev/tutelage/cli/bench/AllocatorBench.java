package dev.tutelage.cli.bench;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.learning.program.PretrainingSpeed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pretraining with the system's allocator and with the one that services get, side by side. */
@Command(
        name = "allocator",
        description = "Images a second of pretraining with and without the allocator setting of the services.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage bench allocator --rounds 3"})
final class AllocatorBench implements Callable<Integer> {
    private static final List<Allocator> SIDES = List.of(Allocator.SYSTEM, Allocator.TUNED);

    @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}", defaultValue = "3")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "Of each process, not measured. Default: ${DEFAULT-VALUE}",
            defaultValue = "10")
    private int warmUp;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            description = "Measured of each process. Default: ${DEFAULT-VALUE}",
            defaultValue = "20")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        Map<Allocator, List<Double>> speeds = new EnumMap<>(Allocator.class);
        SIDES.forEach(side -> speeds.put(side, new ArrayList<>()));
        List<Double> ratios = new ArrayList<>();
        try {
            for (int round = 1; round <= rounds; round++) {
                for (Allocator side : SIDES) {
                    speeds.get(side).add(imagesPerSecond(side));
                }
                ratios.add(last(speeds.get(Allocator.TUNED)) / last(speeds.get(Allocator.SYSTEM)));
                terminal.say(String.format(
                        Locale.ROOT,
                        "round %d: SYSTEM %,.0f images/s, TUNED %,.0f images/s, ratio %.2f",
                        round,
                        last(speeds.get(Allocator.SYSTEM)),
                        last(speeds.get(Allocator.TUNED)),
                        last(ratios)));
            }
        } catch (IOException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
        terminal.say(String.format(
                Locale.ROOT,
                "median: SYSTEM %,.0f images/s, TUNED %,.0f images/s, ratio %.2f (%.2f to %.2f)",
                median(speeds.get(Allocator.SYSTEM)),
                median(speeds.get(Allocator.TUNED)),
                median(ratios),
                ratios.stream().mapToDouble(x -> x).min().orElseThrow(),
                ratios.stream().mapToDouble(x -> x).max().orElseThrow()));
        return 0;
    }

    private double imagesPerSecond(Allocator allocator) throws IOException, InterruptedException {
        SampleFiles samples = SampleFiles.ofBuild();
        String printed = new TrainingProcess(MachineFlags.home(), allocator)
                .run(
                        PretrainingSpeed.class,
                        List.of(
                                samples.trainImages().toString(),
                                samples.trainLabels().toString(),
                                Integer.toString(warmUp),
                                Integer.toString(seconds)));
        return Double.parseDouble(printed);
    }

    private static double last(List<Double> values) {
        return values.get(values.size() - 1);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
