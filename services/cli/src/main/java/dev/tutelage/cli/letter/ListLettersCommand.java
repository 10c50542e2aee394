package dev.tutelage.cli.letter;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.letter.Letter;
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
    public Integer call() {
        return broker.attempt(terminal, this::list);
    }

    private int list(Map<String, Object> kafka) {
        List<Letter> letters = LetterBox.read(kafka).letters().stream()
                .filter(letter -> letter.isOf(task) && (all || letter.isOpen()))
                .toList();
        if (json) {
            terminal.say(LetterLine.json(letters.stream().map(LetterLine::of).toList()));
        } else {
            letters.forEach(letter -> terminal.say(line(letter)));
            terminal.say(letters.size() + (letters.size() == 1 ? " dead letter" : " dead letters"));
        }
        return 0;
    }

    private static String line(Letter letter) {
        return String.format(
                "%6d  %s  %s  %s  %s  %s%s",
                letter.offset(),
                letter.time(),
                letter.fact().getTask().isEmpty() ? "-" : letter.fact().getTask(),
                letter.fact().getService(),
                letter.source(),
                letter.isOpen() ? "" : "(replayed) ",
                letter.summary());
    }
}
