package dev.tutelage.cli.verify;

import picocli.CommandLine.Command;

/** Checks what is on a machine. */
@Command(
        name = "verify",
        description = "Checks from topics and objects alone that what the services promise is so.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = VerifySoftLabelsCommand.class)
public final class VerifyCommand {}
