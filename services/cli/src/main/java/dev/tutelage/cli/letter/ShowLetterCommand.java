package dev.tutelage.cli.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.letter.Contents;
import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterBox;
import dev.tutelage.control.letter.LetterStory;
import dev.tutelage.control.run.RefusedException;
import java.util.ArrayList;
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
    private static final ObjectMapper JSON = new ObjectMapper();

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
            JsonNode headers,
            JsonNode payload,
            String problem,
            JsonNode dump,
            JsonNode leftOut) {}

    @Override
    public Integer call() throws InterruptedException {
        return broker.attempt(terminal, this::read, this::ask);
    }

    private int read(Map<String, Object> kafka) throws RefusedException {
        Letter letter = LetterBox.read(kafka).at(offset);
        Contents contents = Contents.of(letter.fact());
        return json ? tell(shown(letter, contents)) : tell(LetterStory.lines(letter, contents));
    }

    private int ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        JsonNode stored = RemoteLetters.recordOf(gateway, offset);
        if (json) {
            return tell(new Shown(
                    RemoteLetters.at(gateway, offset),
                    stored.path("key").asText(),
                    stored.path("headers"),
                    stored.path("payload"),
                    stored.path("problem").asText(),
                    stored.path("dump"),
                    stored.path("left_out")));
        }
        List<String> lines = new ArrayList<>();
        stored.path("text").forEach(line -> lines.add(line.asText()));
        return tell(lines);
    }

    private int tell(Shown shown) {
        terminal.say(LetterLine.json(shown));
        return 0;
    }

    private int tell(List<String> lines) {
        lines.forEach(terminal::say);
        return 0;
    }

    private static Shown shown(Letter letter, Contents contents) {
        return new Shown(
                LetterLine.of(letter),
                letter.fact().getKey().toString(UTF_8),
                JSON.valueToTree(contents.headers()),
                JSON.valueToTree(contents.fact().map(Contents::fields).orElse(Map.of())),
                contents.problem(),
                JSON.valueToTree(
                        contents.fact().isPresent()
                                ? List.of()
                                : Contents.dump(letter.fact().getValue())),
                JSON.valueToTree(letter.fact().getRejectedList().stream()
                        .map(Contents::fields)
                        .toList()));
    }
}
