package dev.tutelage.cli.access;

import dev.tutelage.cli.Terminal;
import dev.tutelage.control.access.AccessRole;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a key. */
@Command(
        name = "create",
        description = "Makes a key and prints it, once: the file keeps its SHA-256 alone.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage keys create --name camera-7 --role operator"})
public final class CreateKeyCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "Who has the key: audit facts tell it. Letters, digits, dots, dashes and underscores")
    private String name;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            description = "What the key allows: ${COMPLETION-CANDIDATES}; each includes those before it")
    private AccessRole role;

    @Mixin
    private KeyFileOption file;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        return file.attempt(terminal, keys -> {
            terminal.say(keys.create(name, role).text());
            return 0;
        });
    }
}
