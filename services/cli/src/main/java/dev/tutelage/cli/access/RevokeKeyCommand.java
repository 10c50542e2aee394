package dev.tutelage.cli.access;

import dev.tutelage.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a key back. */
@Command(
        name = "revoke",
        description =
                "Takes a key back. Gateways that read the file refuse it, and sessions made with it, a moment later.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage keys revoke camera-7"})
public final class RevokeKeyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "Whose key")
    private String name;

    @Mixin
    private KeyFileOption file;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        return file.attempt(terminal, keys -> {
            if (keys.revoke(name)) {
                terminal.say("The key of " + name + " is revoked");
                return 0;
            }
            terminal.fail("Keys file " + file.path() + " has no key named " + name + ". tutelage keys list tells all");
            return 1;
        });
    }
}
