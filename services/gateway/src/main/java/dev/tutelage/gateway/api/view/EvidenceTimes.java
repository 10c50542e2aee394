package dev.tutelage.gateway.api.view;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.gateway.history.Timeline;
import dev.tutelage.gateway.history.Timeline.Position;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * When facts were said that led to a run: the last of each key by the time at which it was asked for.
 *
 * @param by when it was asked for
 */
record EvidenceTimes(TaskHistory history, Instant by) {

    /** Empty where the evidence is no single fact, or one that the gateway does not keep by its key. */
    Optional<Instant> of(Evidence evidence) {
        return Topic.named(evidence.getTopic())
                .flatMap(topic -> time(topic, evidence.getKey()))
                .filter(time -> !time.isAfter(by));
    }

    private Optional<Instant> time(Topic topic, String key) {
        String last = key.substring(key.lastIndexOf('/') + 1);
        return switch (topic) {
            case TASKS -> history.declared().map(Said::time);
            case SHARDS -> history.shards().get(last).map(Said::time);
            case CHECKPOINTS -> history.checkpoints().get(last).map(Said::time);
            case PROMOTIONS ->
                newest(
                        history.promotions(),
                        said -> MessageJson.name(said.fact().getRole()),
                        last);
            case JUDGEMENTS ->
                newest(
                        history.judgements(),
                        said -> MessageJson.name(said.fact().getRole()),
                        last);
            case DRIFT -> newest(history.drifts(), said -> said.fact().getTeacher(), last);
            case SOFT_LABELS -> newest(history.softLabels(), said -> said.fact().getShard(), last);
            case RUNS -> history.runs().get(last).flatMap(run -> run.changed().map(Said::time));
            default -> Optional.empty();
        };
    }

    private <F> Optional<Instant> newest(Timeline<Said<F>> facts, Function<Said<F>, String> key, String wanted) {
        return facts.newestFirst(Optional.of(new Position(by.plusNanos(1), ""))).values().stream()
                .filter(said -> key.apply(said).equals(wanted))
                .map(Said::time)
                .findFirst();
    }
}
