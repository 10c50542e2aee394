package dev.tutelage.control.letter;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.run.Asked;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** All dead letters, as Kafka tells of them now. */
public final class LetterBox {
    private final NavigableMap<Long, PlacedFact> letters = new TreeMap<>();
    private final Map<Long, Instant> replays = new HashMap<>();
    /** When each request but the first of a run was first heard of. */
    private final Map<Asked, Instant> retries = new HashMap<>();

    private LetterBox() {}

    /** Reads what is committed now. */
    public static LetterBox read(Map<String, Object> kafka) {
        LetterBox box = new LetterBox();
        try (FactReader reader =
                new FactReader(kafka, EnumSet.of(Topic.DEAD_LETTERS, Topic.DEAD_LETTER_REPLAYS, Topic.RUNS))) {
            reader.readToEnd(box::add);
        }
        return box;
    }

    private void add(PlacedFact placed) {
        if (placed.fact().payload() instanceof DeadLettered) {
            letters.put(placed.place().offset(), placed);
        } else if (placed.fact().payload() instanceof DeadLetterReplayed replayed) {
            replays.putIfAbsent(replayed.getDeadLetterOffset(), placed.fact().time());
        } else if (placed.fact().payload() instanceof RunChanged run && run.getRetry() > 0) {
            retries.putIfAbsent(
                    new Asked(run.getRunId(), run.getRetry()), placed.fact().time());
        }
    }

    /** In the order in which they were said. */
    public List<Letter> letters() {
        return letters.values().stream().map(this::letter).toList();
    }

    private Letter letter(PlacedFact placed) {
        long offset = placed.place().offset();
        DeadLettered fact = (DeadLettered) placed.fact().payload();
        return new Letter(
                offset,
                placed.fact().time(),
                fact,
                Optional.ofNullable(replays.get(offset)).or(() -> askedAgain(fact)));
    }

    /** When the run of a letter was asked for again, by whatever command. */
    private Optional<Instant> askedAgain(DeadLettered letter) {
        int retry = Contents.of(letter)
                .fact()
                .map(fact -> fact instanceof RunRequested request ? request.getRetry() : 0)
                .orElse(0);
        // Compaction may have left a later one alone.
        return retries.entrySet().stream()
                .filter(each -> each.getKey().run().equals(letter.getRunId())
                        && each.getKey().retry() > retry)
                .map(Map.Entry::getValue)
                .min(Comparator.naturalOrder());
    }

    /**
     * The one at that offset.
     *
     * @throws RefusedException if there is none
     */
    public Letter at(long offset) throws RefusedException {
        return Optional.ofNullable(letters.get(offset))
                .map(this::letter)
                .orElseThrow(() -> new RefusedException("There is no dead letter at offset " + offset + " of topic "
                        + Topic.DEAD_LETTERS.topicName() + "; see tutelage dead-letters list --all"));
    }
}
