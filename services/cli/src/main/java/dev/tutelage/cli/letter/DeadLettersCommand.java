package dev.tutelage.cli.letter;

import picocli.CommandLine.Command;

/** What could not be processed. */
@Command(
        name = "dead-letters",
        description =
                "Shows what the services could not process, and puts it in its place again once the cause is gone.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {ListLettersCommand.class, ShowLetterCommand.class, ReplayLettersCommand.class})
public final class DeadLettersCommand {}
