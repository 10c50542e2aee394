package dev.tutelage.cli.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What housekeeping found, and what it removed of that.
 *
 * @param deleted whether it was to remove anything
 * @param kinds what was found of each kind
 * @param errors objects that could not be removed, each with the reason
 */
public record GcReport(boolean deleted, Map<Kind, Found> kinds, List<String> errors) {

    /**
     * Things of one kind.
     *
     * @param objects that nothing needs
     * @param bytes of these
     * @param removed objects of these
     * @param removedBytes of these
     * @param spared objects that are no longer there, or were written again meanwhile
     */
    public record Found(long objects, long bytes, long removed, long removedBytes, long spared) {
        private static final Found NOTHING = new Found(0, 0, 0, 0, 0);

        private Found and(long size) {
            return new Found(objects + 1, bytes + size, removed, removedBytes, spared);
        }

        private Found andRemoved(long size) {
            return new Found(objects, bytes, removed + 1, removedBytes + size, spared);
        }

        private Found andSpared() {
            return new Found(objects, bytes, removed, removedBytes, spared + 1);
        }
    }

    public GcReport {
        kinds = Map.copyOf(kinds);
        errors = List.copyOf(errors);
    }

    /** What was found of a kind. */
    public Found of(Kind kind) {
        return kinds.getOrDefault(kind, Found.NOTHING);
    }

    /** For programs. */
    String json() throws JsonProcessingException {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build()
                .writeValueAsString(this);
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-38s %12s %16s %12s", "", "objects", "bytes", "removed"));
        for (Kind kind : Kind.values()) {
            Found found = of(kind);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-38s %,12d %,16d %,12d",
                    kind.text(),
                    found.objects(),
                    found.bytes(),
                    found.removed()));
        }
        errors.forEach(error -> lines.add("not removed: " + error));
        if (!deleted) {
            lines.add("Nothing was removed. To remove them: tutelage gc --delete");
        }
        return lines;
    }

    /** Counts while it is looked. */
    static final class Tally {
        private final Map<Kind, Found> kinds = new EnumMap<>(Kind.class);
        private final List<String> errors = new ArrayList<>();

        void found(Kind kind, long size) {
            kinds.merge(kind, Found.NOTHING.and(size), (known, one) -> known.and(size));
        }

        void removed(Kind kind, long size) {
            kinds.computeIfPresent(kind, (same, known) -> known.andRemoved(size));
        }

        void spared(Kind kind) {
            kinds.computeIfPresent(kind, (same, known) -> known.andSpared());
        }

        void failed(String error) {
            errors.add(error);
        }

        GcReport report(boolean deleted) {
            return new GcReport(deleted, kinds, errors);
        }
    }
}
