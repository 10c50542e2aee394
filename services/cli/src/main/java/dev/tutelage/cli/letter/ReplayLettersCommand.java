package dev.tutelage.cli.letter;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterBox;
import dev.tutelage.control.letter.Replay;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.ArrayList;
import java.util.HashMap;
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
    public Integer call() throws InterruptedException {
        if (offsets.isEmpty() != allOpen || task.isPresent() != allOpen) {
            terminal.fail("Name dead letters by their offsets, or all with --task NAME --all-open");
            return 2;
        }
        return broker.attempt(terminal, this::replay, this::ask);
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
        return told(letters.size() - refused, refused);
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
            return done(letter.offset(), replay.replay(letter));
        } catch (RefusedException e) {
            terminal.fail(e.getMessage());
            return false;
        }
    }

    private int ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        List<LetterLine> letters = chosen(gateway);
        Map<String, String> askedFor = new HashMap<>();
        int refused = 0;
        for (LetterLine letter : letters) {
            refused += ask(gateway, letter, askedFor) ? 0 : 1;
        }
        return told(letters.size() - refused, refused);
    }

    private List<LetterLine> chosen(GatewayClient gateway) throws GatewayException, InterruptedException {
        if (allOpen) {
            return RemoteLetters.of(gateway, task, false);
        }
        List<LetterLine> letters = new ArrayList<>();
        for (long offset : offsets) {
            letters.add(RemoteLetters.at(gateway, offset));
        }
        return letters;
    }

    /**
     * Has one replayed.
     *
     * @param askedFor what was done for each run: several letters may be about one, which is asked for once
     */
    private boolean ask(GatewayClient gateway, LetterLine letter, Map<String, String> askedFor)
            throws GatewayException, InterruptedException {
        try {
            boolean known = letter.replayed().isEmpty() && askedFor.containsKey(letter.run());
            String what = known ? askedFor.get(letter.run()) : RemoteLetters.replay(gateway, letter.offset());
            if (!letter.run().isEmpty()) {
                askedFor.put(letter.run(), what);
            }
            return done(letter.offset(), what);
        } catch (GatewayException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            terminal.fail(e.getMessage());
            return false;
        }
    }

    private boolean done(long offset, String what) {
        terminal.say("dead letter " + offset + ": " + what);
        return true;
    }

    private int told(int replayed, int refused) {
        terminal.say(replayed + " replayed, " + refused + " not");
        return refused == 0 || allOpen ? 0 : 1;
    }
}
