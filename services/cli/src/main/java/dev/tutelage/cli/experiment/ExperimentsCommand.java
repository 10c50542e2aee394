package dev.tutelage.cli.experiment;

import picocli.CommandLine.Command;

/** Studies of what the parts of the method are worth. */
@Command(
        name = "experiments",
        description = "Measures what the parts of the method are worth. What is done is not done again.",
        mixinStandardHelpOptions = true,
        subcommands = {LearningExperiment.class, WarmStartExperiment.class})
public final class ExperimentsCommand {}
