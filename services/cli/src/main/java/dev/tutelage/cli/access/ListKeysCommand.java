package dev.tutelage.cli.access;

import dev.tutelage.cli.IndentedJson;
import dev.tutelage.cli.Terminal;
import dev.tutelage.control.access.KeyHolder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists who has keys. */
@Command(
        name = "list",
        description = "Lists who has keys, and with which role. The keys themselves are kept nowhere.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage keys list"})
public final class ListKeysCommand implements Callable<Integer> {
    private static final int DIGITS = 12;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    @Mixin
    private KeyFileOption file;

    private final Terminal terminal = Terminal.standard();

    /** As JSON tells it. */
    record Line(String name, String role, String sha256) {}

    @Override
    public Integer call() {
        return file.attempt(terminal, keys -> {
            List<KeyHolder> holders = keys.holders();
            if (json) {
                terminal.say(IndentedJson.of(holders.stream()
                        .map(each -> new Line(each.name(), each.role().label(), each.digest()))
                        .toList()));
            } else {
                holders.forEach(each -> terminal.say(String.format(
                        "%-9s  %s  %s", each.role().label(), each.digest().substring(0, DIGITS), each.name())));
                terminal.say(holders.size() + (holders.size() == 1 ? " key" : " keys") + " in " + file.path());
            }
            return 0;
        });
    }
}
