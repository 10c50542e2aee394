package dev.tutelage.cli.letter;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.letter.LetterBox;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
        name = "list",
        description =
                "Lists what could not be processed: offset of the dead letter, time, task, service, where the record"
                        + " lies, and why. Letters that were replayed are left out.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage dead-letters list --task fashion"})
public final class ListLettersCommand implements Callable<Integer> {
    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "This task alone; records that are no requests belong to none. Default: all")
    private Optional<String> task;

    @Option(names = "--all", description = "Lists those that were replayed too")
    private boolean all;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        return broker.attempt(terminal, kafka -> tell(read(kafka)), gateway -> tell(ask(gateway)));
    }

    private List<LetterLine> read(Map<String, Object> kafka) {
        return LetterBox.read(kafka).letters().stream()
                .filter(letter -> letter.isOf(task) && (all || letter.isOpen()))
                .map(LetterLine::of)
                .toList();
    }

    private List<LetterLine> ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        return RemoteLetters.of(gateway, task, all);
    }

    private int tell(List<LetterLine> letters) {
        if (json) {
            terminal.say(LetterLine.json(letters));
        } else {
            letters.forEach(letter -> terminal.say(letter.text()));
            terminal.say(letters.size() + (letters.size() == 1 ? " dead letter" : " dead letters"));
        }
        return 0;
    }
}
