package dev.tutelage.gateway.history;

import dev.tutelage.control.letter.Contents;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The dead letters of all tasks, by what they say rather than by the records that they hold, which are large. */
public final class Letters {
    private static final int REJECTED = 100;

    private final Timeline<Entry> entries = new Timeline<>();
    private final Map<Long, Instant> replays = new HashMap<>();
    /** When each request but the first of a run was first heard of. */
    private final Map<String, NavigableMap<Integer, Instant>> retries = new HashMap<>();

    Letters() {}

    /**
     * A dead letter.
     *
     * @param offset its name
     * @param letter without the record's value and headers, and with the first of what was left out only
     * @param valueBytes size of the record's value
     * @param rejected how many parts were left out
     * @param retry of the request that it is about; 0 if it is about none
     */
    public record Entry(long offset, Instant time, DeadLettered letter, int valueBytes, int rejected, int retry) {}

    void add(PlacedFact placed) {
        Instant time = placed.fact().time();
        if (placed.fact().payload() instanceof DeadLettered letter) {
            long offset = placed.place().offset();
            entries.add(key(offset), time, entry(offset, time, letter));
        } else if (placed.fact().payload() instanceof DeadLetterReplayed replayed) {
            replays.putIfAbsent(replayed.getDeadLetterOffset(), time);
        } else if (placed.fact().payload() instanceof RunChanged run && run.getRetry() > 0) {
            retries.computeIfAbsent(run.getRunId(), none -> new TreeMap<>()).putIfAbsent(run.getRetry(), time);
        }
    }

    private static Entry entry(long offset, Instant time, DeadLettered letter) {
        int retry = Contents.of(letter)
                .fact()
                .map(fact -> fact instanceof RunRequested request ? request.getRetry() : 0)
                .orElse(0);
        int rejected = letter.getRejectedCount();
        DeadLettered light = letter.toBuilder()
                .clearValue()
                .clearHeaders()
                .clearRejected()
                .addAllRejected(letter.getRejectedList().subList(0, Math.min(REJECTED, rejected)))
                .build();
        return new Entry(offset, time, light, letter.getValue().size(), rejected, retry);
    }

    private static String key(long offset) {
        return String.format("%020d", offset);
    }

    public Timeline<Entry> entries() {
        return entries;
    }

    public Optional<Entry> at(long offset) {
        return entries.get(key(offset));
    }

    /** When what a letter is about was put in its place again, by whatever command. */
    public Optional<Instant> replayed(Entry entry) {
        return Optional.ofNullable(replays.get(entry.offset()))
                .or(() -> Optional.ofNullable(retries.get(entry.letter().getRunId()))
                        .map(times -> times.higherEntry(entry.retry()))
                        .map(Map.Entry::getValue));
    }
}
