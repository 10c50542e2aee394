package dev.tutelage.cli.bench;

import dev.tutelage.cli.demo.PixelBench;
import picocli.CommandLine.Command;

/** Measurements that anybody can repeat. */
@Command(
        name = "bench",
        description = "Measures speed. Each comparison alternates its sides in one run.",
        mixinStandardHelpOptions = true,
        subcommands = {AllocatorBench.class, LabelBench.class, LedgerBench.class, PixelBench.class, PredictBench.class})
public final class BenchCommand {}
