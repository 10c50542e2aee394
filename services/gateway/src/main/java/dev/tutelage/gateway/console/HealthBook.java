package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Letters;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Who says facts, and what could not be processed. */
@ApplicationScoped
public class HealthBook implements Fold {
    private static final int SHOWN_PARTS = 5;

    private final NavigableMap<String, Service> services = new TreeMap<>();
    private final History history;

    public HealthBook(History history) {
        this.history = history;
    }

    private record Service(long facts, Instant first, Instant last) {
        Service and(Service other) {
            return new Service(
                    facts + other.facts,
                    first.isBefore(other.first) ? first : other.first,
                    last.isAfter(other.last) ? last : other.last);
        }
    }

    @Override
    public void add(PlacedFact placed) {
        Instant time = placed.fact().time();
        services.merge(placed.fact().source(), new Service(1, time, time), Service::and);
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
        return letters().entries().newestFirst(Optional.empty()).values().stream()
                .filter(each -> letters().replayed(each).isEmpty())
                .limit(limit)
                .map(this::view)
                .toList();
    }

    /** How many dead letters are dealt with. */
    long dealt() {
        return letters().entries().stream()
                .filter(each -> letters().replayed(each).isPresent())
                .count();
    }

    private Letters letters() {
        return history.letters();
    }

    private Health.Letter view(Letters.Entry letter) {
        DeadLettered fact = letter.letter();
        int shown = Math.min(SHOWN_PARTS, letter.rejected());
        return new Health.Letter(
                letter.offset(),
                Say.when(letter.time()),
                fact.getService(),
                fact.getTask(),
                fact.getRunId().isEmpty() ? "" : Say.run(fact.getRunId()),
                fact.getTask().isEmpty() ? "" : Frame.path(fact.getTask()) + "/runs/" + fact.getRunId(),
                fact.getSourceTopic() + "-" + fact.getSourcePartition() + "@" + fact.getSourceOffset(),
                fact.getReason(),
                fact.getRejectedList().subList(0, shown).stream()
                        .map(HealthBook::part)
                        .toList(),
                letter.rejected() > shown ? "and " + Say.count(letter.rejected() - shown) + " more" : "",
                Actions.ofLetter(history, letter));
    }

    private static String part(RejectedItem item) {
        return "shard " + Say.digest(item.getShard()) + (item.getImage().isEmpty() ? "" : ", image " + item.getImage())
                + ": " + item.getReason();
    }
}
