package dev.tutelage.control.why;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why a run was asked for and what became of it, whoever knows it.
 *
 * @param number among the runs of its task and stage, from 1; 0 where it has none
 * @param asked when it was first asked for
 * @param superseded ids of the runs whose place it took
 */
public record RunTale(
        String run,
        String task,
        String stage,
        long number,
        Instant asked,
        String reason,
        List<Ground> grounds,
        Optional<State> state,
        List<String> superseded,
        List<Wish> wishes) {
    public RunTale {
        grounds = List.copyOf(grounds);
        superseded = List.copyOf(superseded);
        wishes = List.copyOf(wishes);
    }

    /**
     * A fact that led to it.
     *
     * @param topic empty where it is no fact, such as the time of day
     * @param time when it was said, where that is known
     */
    public record Ground(String what, String topic, String key, Optional<Instant> time) {}

    /**
     * What it has come to.
     *
     * @param attempt 0 before any
     * @param worker empty before any
     * @param message may be empty
     */
    public record State(String name, Instant since, int attempt, String worker, String message) {}

    /**
     * That it shall end.
     *
     * @param by who wants it
     * @param reason may be empty
     */
    public record Wish(String by, Instant time, String reason) {}
}
