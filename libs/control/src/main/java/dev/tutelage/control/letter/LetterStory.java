package dev.tutelage.control.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.TextFormat;
import dev.tutelage.event.v1.RejectedItem;
import java.util.ArrayList;
import java.util.List;

/** Tells of a dead letter: the cause, what the record says or why it says nothing, its headers, and what was left out. */
public final class LetterStory {

    private LetterStory() {}

    /** All of it, a line each. */
    public static List<String> lines(Letter letter, Contents contents) {
        List<String> lines = new ArrayList<>();
        lines.add("dead letter " + letter.offset() + ", said " + letter.time() + " by "
                + letter.fact().getService());
        lines.add("record:   " + letter.source() + ", key "
                + letter.fact().getKey().toString(UTF_8));
        if (letter.isAboutRun()) {
            lines.add("run:      " + letter.fact().getRunId() + " of task "
                    + letter.fact().getTask());
        }
        lines.add("replayed: " + letter.replayed().map(Object::toString).orElse("no"));
        add(lines, "cause:", letter.fact().getReason().lines().toList());
        add(
                lines,
                "headers:",
                contents.headers().entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue())
                        .toList());
        contents.fact()
                .ifPresentOrElse(
                        fact -> add(
                                lines,
                                fact.getDescriptorForType().getName() + ":",
                                TextFormat.printer().printToString(fact).lines().toList()),
                        () -> add(
                                lines,
                                "The record says nothing: " + contents.problem(),
                                Contents.dump(letter.fact().getValue())));
        List<RejectedItem> leftOut = letter.fact().getRejectedList();
        if (!leftOut.isEmpty()) {
            add(lines, "left out:", leftOut.stream().map(LetterStory::line).toList());
        }
        return lines;
    }

    private static String line(RejectedItem item) {
        String what = item.getImage().isEmpty() ? "the shard" : item.getImage();
        return item.getShard() + "  " + what + "  " + item.getKind().name().replace("REJECTION_KIND_", "") + "  "
                + item.getReason();
    }

    private static void add(List<String> lines, String title, List<String> more) {
        lines.add(title);
        more.forEach(line -> lines.add("  " + line));
    }
}
