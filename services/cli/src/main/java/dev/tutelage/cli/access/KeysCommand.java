package dev.tutelage.cli.access;

import picocli.CommandLine.Command;

/** Keys of the gateway. */
@Command(
        name = "keys",
        description = "Makes, lists and revokes keys of the gateway. It reads the file again when it changes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {CreateKeyCommand.class, ListKeysCommand.class, RevokeKeyCommand.class})
public final class KeysCommand {}
