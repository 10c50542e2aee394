package dev.tutelage.platform.policy;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Something that makes a stage due again. All are about what has come since the stage's last request. */
public sealed interface Condition {

    /** Why the stage is due, if it is. Only asked of a stage that was asked for before. */
    Optional<Firing> firing(Standing standing);

    /** Whether it may come true though nothing new is said. */
    default boolean watchesTheClock() {
        return false;
    }

    /** Whether another checkpoint to start from may make it true. */
    default boolean awaitsParents() {
        return false;
    }

    /** Reads the condition of a declaration; one of a later version's kinds never comes true. */
    static Condition of(dev.tutelage.event.v1.Condition declared) {
        return switch (declared.getConditionCase()) {
            case NEW_IMAGES -> new More(Measure.UNLABELED_IMAGES, declared.getNewImages());
            case NEW_LABELS -> new More(Measure.LABELS, declared.getNewLabels());
            case NEW_SOFT_LABELS -> new More(Measure.SOFT_LABELS, declared.getNewSoftLabels());
            case GROWTH -> new Growth(declared.getGrowth());
            case NEW_PARENT -> new NewParent();
            case DRIFT -> new Drifted();
            case SCHEDULE -> new Scheduled(declared.getSchedule());
            case MAX_AGE_MILLIS -> new MaxAge(Duration.ofMillis(declared.getMaxAgeMillis()));
            case ANY -> new Any(all(declared.getAny().getConditionsList()));
            case ALL -> new All(all(declared.getAll().getConditionsList()));
            case CONDITION_NOT_SET -> new Never();
        };
    }

    private static List<Condition> all(List<dev.tutelage.event.v1.Condition> declared) {
        return declared.stream().map(Condition::of).toList();
    }

    /** The stage is not due again. */
    record Never() implements Condition {
        @Override
        public Optional<Firing> firing(Standing standing) {
            return Optional.empty();
        }
    }

    /**
     * So much more of something has come.
     *
     * @param atLeast images or labels, above 0
     */
    record More(Measure measure, long atLeast) implements Condition {
        @Override
        public Optional<Firing> firing(Standing standing) {
            long more = standing.more(measure);
            String what = String.format(
                    Locale.ROOT,
                    "%,d %s have come since %s, and %,d were awaited",
                    more,
                    measure.plural(),
                    standing.lastName(),
                    atLeast);
            return more >= atLeast ? Optional.of(standing.firing(what, measure)) : Optional.empty();
        }
    }

    /**
     * What the stage learns from has grown.
     *
     * @param factor of what it was, above 1
     */
    record Growth(double factor) implements Condition {
        @Override
        public Optional<Firing> firing(Standing standing) {
            Measure measure = standing.measure();
            long now = standing.now(measure);
            long before = now - standing.more(measure);
            String what = String.format(
                    Locale.ROOT,
                    "there are %,d %s, at least %s times the %,d of %s",
                    now,
                    measure.plural(),
                    factor,
                    before,
                    standing.lastName());
            return now > before && now >= factor * before
                    ? Optional.of(standing.firing(what, measure))
                    : Optional.empty();
        }
    }

    /** There is a checkpoint to start from that the stage was not asked for with. */
    record NewParent() implements Condition {
        @Override
        public boolean awaitsParents() {
            return true;
        }

        @Override
        public Optional<Firing> firing(Standing standing) {
            return standing.newParent();
        }
    }

    /** The images that come have drifted away from what the teacher knows. */
    record Drifted() implements Condition {
        @Override
        public Optional<Firing> firing(Standing standing) {
            List<DriftDetected> drifts = standing.newDrifts();
            if (drifts.isEmpty()) {
                return Optional.empty();
            }
            List<Evidence> evidence = drifts.stream()
                    .map(drift -> Standing.evidence(
                            drift.getReason(), Topic.DRIFT, drift.getTask() + "/" + drift.getTeacher()))
                    .toList();
            return Optional.of(new Firing("the images have drifted since " + standing.lastName(), evidence));
        }
    }

    /**
     * A time of the clock has come round.
     *
     * @param cron in UTC
     */
    record Scheduled(String cron) implements Condition {
        @Override
        public boolean watchesTheClock() {
            return true;
        }

        @Override
        public Optional<Firing> firing(Standing standing) {
            return CronSchedule.readable(cron)
                    .flatMap(schedule -> schedule.after(standing.lastTime()))
                    .filter(time -> !time.isAfter(standing.now()))
                    .map(time -> standing.byTime("the schedule '" + cron + "' (UTC) had come round at " + time));
        }
    }

    /** The last request is that old. */
    record MaxAge(Duration age) implements Condition {
        @Override
        public boolean watchesTheClock() {
            return true;
        }

        @Override
        public Optional<Firing> firing(Standing standing) {
            Instant due = standing.lastTime().plus(age);
            return standing.now().isBefore(due)
                    ? Optional.empty()
                    : Optional.of(standing.byTime(standing.lastName() + " was asked for at " + standing.lastTime()
                            + ", longer ago than " + Durations.text(age)));
        }
    }

    /** One of these. */
    record Any(List<Condition> conditions) implements Condition {
        public Any {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean watchesTheClock() {
            return conditions.stream().anyMatch(Condition::watchesTheClock);
        }

        @Override
        public boolean awaitsParents() {
            return conditions.stream().anyMatch(Condition::awaitsParents);
        }

        /** All that have come true are told. */
        @Override
        public Optional<Firing> firing(Standing standing) {
            List<Firing> firings = conditions.stream()
                    .flatMap(condition -> condition.firing(standing).stream())
                    .toList();
            return firings.isEmpty() ? Optional.empty() : Optional.of(together(firings));
        }
    }

    /** All of these. */
    record All(List<Condition> conditions) implements Condition {
        public All {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean watchesTheClock() {
            return conditions.stream().anyMatch(Condition::watchesTheClock);
        }

        @Override
        public boolean awaitsParents() {
            return conditions.stream().anyMatch(Condition::awaitsParents);
        }

        @Override
        public Optional<Firing> firing(Standing standing) {
            List<Firing> firings = new ArrayList<>();
            for (Condition condition : conditions) {
                Optional<Firing> firing = condition.firing(standing);
                if (firing.isEmpty()) {
                    return Optional.empty();
                }
                firings.add(firing.get());
            }
            return firings.isEmpty() ? Optional.empty() : Optional.of(together(firings));
        }
    }

    private static Firing together(List<Firing> firings) {
        Stream<Evidence> evidence = firings.stream().flatMap(firing -> firing.evidence().stream());
        return new Firing(
                firings.stream().map(Firing::reason).collect(Collectors.joining("; and ")),
                evidence.distinct().toList());
    }
}
