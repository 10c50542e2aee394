package dev.tutelage.cli.letter;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterBox;
import dev.tutelage.control.letter.Replay;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts what dead letters are about in its place again. */
@Command(
        name = "replay",
        description =
                "Puts what dead letters are about in its place again, once the cause is gone: a run that has failed is"
                        + " asked for again, a record that was no request is put on its topic again as it was.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all that can be was replayed",
            "1:one that was named cannot be",
            "2:the command line is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  tutelage dead-letters replay 17 18",
            "  tutelage dead-letters replay --task fashion --all-open"
        })
public final class ReplayLettersCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "OFFSET", description = "Which, as tutelage dead-letters list says")
    private List<Long> offsets = new ArrayList<>();

    @Option(names = "--task", paramLabel = "NAME", description = "With --all-open: those of this task")
    private Optional<String> task;

    @Option(names = "--all-open", description = "All of the task that were not replayed and can be")
    private boolean allOpen;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        if (offsets.isEmpty() != allOpen || task.isPresent() != allOpen) {
            terminal.fail("Name dead letters by their offsets, or all with --task NAME --all-open");
            return 2;
        }
        return broker.attempt(terminal, this::replay);
    }

    private int replay(Map<String, Object> kafka) throws RefusedException, NotPublishedException {
        List<Letter> letters = chosen(LetterBox.read(kafka));
        int refused = 0;
        try (FactLog log = Broker.log(kafka)) {
            Replay replay = new Replay(KnownRuns.read(kafka), log, Broker.BY);
            for (Letter letter : letters) {
                refused += replay(letter, replay) ? 0 : 1;
            }
        }
        terminal.say((letters.size() - refused) + " replayed, " + refused + " not");
        return refused == 0 || allOpen ? 0 : 1;
    }

    private List<Letter> chosen(LetterBox box) throws RefusedException {
        if (allOpen) {
            return box.letters().stream()
                    .filter(letter -> letter.isOf(task) && letter.isOpen())
                    .toList();
        }
        List<Letter> letters = new ArrayList<>();
        for (long offset : offsets) {
            letters.add(box.at(offset));
        }
        return letters;
    }

    private boolean replay(Letter letter, Replay replay) throws NotPublishedException {
        try {
            terminal.say("dead letter " + letter.offset() + ": " + replay.replay(letter));
            return true;
        } catch (RefusedException e) {
            terminal.fail(e.getMessage());
            return false;
        }
    }
}
