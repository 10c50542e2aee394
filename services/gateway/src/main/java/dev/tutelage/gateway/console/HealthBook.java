package dev.tutelage.gateway.console;

import dev.tutelage.control.letter.Contents;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Who says facts, and what could not be processed. Of dead letters it keeps what it shows: one holds a whole record. */
@ApplicationScoped
public class HealthBook implements Fold {
    private static final int SHOWN_PARTS = 5;

    private final NavigableMap<String, Service> services = new TreeMap<>();
    private final NavigableMap<Long, Letter> letters = new TreeMap<>();
    private final Set<Long> replayed = new HashSet<>();
    private final Map<String, Integer> retries = new HashMap<>();

    private record Service(long facts, Instant first, Instant last) {
        Service and(Service other) {
            return new Service(
                    facts + other.facts,
                    first.isBefore(other.first) ? first : other.first,
                    last.isAfter(other.last) ? last : other.last);
        }
    }

    private record Letter(Instant time, DeadLettered fact, int retry, int rejected) {}

    @Override
    public void add(PlacedFact placed) {
        Instant time = placed.fact().time();
        services.merge(placed.fact().source(), new Service(1, time, time), Service::and);
        if (placed.fact().payload() instanceof DeadLettered letter) {
            letters.put(placed.place().offset(), letter(letter, time));
        } else if (placed.fact().payload() instanceof DeadLetterReplayed replay) {
            replayed.add(replay.getDeadLetterOffset());
        } else if (placed.fact().payload() instanceof RunChanged run && run.getRetry() > 0) {
            retries.merge(run.getRunId(), run.getRetry(), Math::max);
        }
    }

    private static Letter letter(DeadLettered letter, Instant time) {
        int retry = Contents.of(letter)
                .fact()
                .map(fact -> fact instanceof RunRequested request ? request.getRetry() : 0)
                .orElse(0);
        DeadLettered small = letter.toBuilder()
                .clearKey()
                .clearValue()
                .clearHeaders()
                .clearRejected()
                .addAllRejected(letter.getRejectedList().subList(0, Math.min(SHOWN_PARTS, letter.getRejectedCount())))
                .build();
        return new Letter(time, small, retry, letter.getRejectedCount());
    }

    /** It is dealt with when it was replayed, or its run was asked for again since. */
    private boolean isOpen(long offset, Letter letter) {
        return !replayed.contains(offset) && retries.getOrDefault(letter.fact().getRunId(), 0) <= letter.retry();
    }

    /** Who says facts. */
    List<Health.Service> services() {
        return services.entrySet().stream()
                .map(each -> new Health.Service(
                        each.getKey(),
                        Say.count(each.getValue().facts()),
                        Say.when(each.getValue().first()),
                        Say.when(each.getValue().last())))
                .toList();
    }

    /** Dead letters that are not dealt with, the newest first. */
    List<Health.Letter> open(int limit) {
        return letters.descendingMap().entrySet().stream()
                .filter(each -> isOpen(each.getKey(), each.getValue()))
                .limit(limit)
                .map(each -> view(each.getKey(), each.getValue()))
                .toList();
    }

    /** How many dead letters are dealt with. */
    long dealt() {
        return letters.entrySet().stream()
                .filter(each -> !isOpen(each.getKey(), each.getValue()))
                .count();
    }

    private static Health.Letter view(long offset, Letter letter) {
        DeadLettered fact = letter.fact();
        int more = letter.rejected() - fact.getRejectedCount();
        return new Health.Letter(
                offset,
                Say.when(letter.time()),
                fact.getService(),
                fact.getTask(),
                fact.getRunId().isEmpty() ? "" : Say.run(fact.getRunId()),
                fact.getTask().isEmpty() ? "" : Frame.path(fact.getTask()) + "/runs/" + fact.getRunId(),
                fact.getSourceTopic() + "-" + fact.getSourcePartition() + "@" + fact.getSourceOffset(),
                fact.getReason(),
                fact.getRejectedList().stream().map(HealthBook::part).toList(),
                more > 0 ? "and " + Say.count(more) + " more" : "");
    }

    private static String part(RejectedItem item) {
        return "shard " + Say.digest(item.getShard()) + (item.getImage().isEmpty() ? "" : ", image " + item.getImage())
                + ": " + item.getReason();
    }
}
