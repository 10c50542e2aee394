package dev.tutelage.cli.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.TextFormat;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.letter.Contents;
import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterBox;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.event.v1.RejectedItem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a dead letter. */
@Command(
        name = "show",
        description =
                "Shows a dead letter: the cause, what the record says or why it says nothing, its headers, and what"
                        + " was left out.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage dead-letters show 17"})
public final class ShowLetterCommand implements Callable<Integer> {
    @Parameters(paramLabel = "OFFSET", description = "Which one, as tutelage dead-letters list says")
    private long offset;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    /**
     * A dead letter, for programs.
     *
     * @param payload fields of the fact that the record says; empty if it says none
     * @param problem why it says none
     * @param dump the first bytes of a record that says none
     */
    private record Shown(
            LetterLine letter,
            String key,
            Map<String, String> headers,
            Map<String, Object> payload,
            String problem,
            List<String> dump,
            List<Map<String, Object>> leftOut) {}

    @Override
    public Integer call() {
        return broker.attempt(terminal, this::show);
    }

    private int show(Map<String, Object> kafka) throws RefusedException {
        Letter letter = LetterBox.read(kafka).at(offset);
        Contents contents = Contents.of(letter.fact());
        if (json) {
            terminal.say(LetterLine.json(shown(letter, contents)));
        } else {
            print(letter, contents);
        }
        return 0;
    }

    private static Shown shown(Letter letter, Contents contents) {
        return new Shown(
                LetterLine.of(letter),
                letter.fact().getKey().toString(UTF_8),
                contents.headers(),
                contents.fact().map(Contents::fields).orElse(Map.of()),
                contents.problem(),
                dump(letter, contents),
                letter.fact().getRejectedList().stream().map(Contents::fields).toList());
    }

    private static List<String> dump(Letter letter, Contents contents) {
        return contents.fact().isPresent()
                ? List.of()
                : Contents.dump(letter.fact().getValue());
    }

    private void print(Letter letter, Contents contents) {
        terminal.say("dead letter " + letter.offset() + ", said " + letter.time() + " by "
                + letter.fact().getService());
        terminal.say("record:   " + letter.source() + ", key "
                + letter.fact().getKey().toString(UTF_8));
        if (letter.isAboutRun()) {
            terminal.say("run:      " + letter.fact().getRunId() + " of task "
                    + letter.fact().getTask());
        }
        terminal.say("replayed: " + letter.replayed().map(Object::toString).orElse("no"));
        print("cause:", letter.fact().getReason().lines().toList());
        print(
                "headers:",
                contents.headers().entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue())
                        .toList());
        contents.fact()
                .ifPresentOrElse(
                        fact -> print(
                                fact.getDescriptorForType().getName() + ":",
                                TextFormat.printer().printToString(fact).lines().toList()),
                        () -> print("The record says nothing: " + contents.problem(), dump(letter, contents)));
        List<RejectedItem> leftOut = letter.fact().getRejectedList();
        if (!leftOut.isEmpty()) {
            print("left out:", leftOut.stream().map(ShowLetterCommand::line).toList());
        }
    }

    private static String line(RejectedItem item) {
        String what = item.getImage().isEmpty() ? "the shard" : item.getImage();
        return item.getShard() + "  " + what + "  " + item.getKind().name().replace("REJECTION_KIND_", "") + "  "
                + item.getReason();
    }

    private void print(String title, List<String> lines) {
        terminal.say(title);
        lines.forEach(line -> terminal.say("  " + line));
    }
}
