package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A task at a glance.
 *
 * @param facts a line about what the task learns
 * @param flows the same picture in several shapes
 * @param held how many held-out images there are
 * @param missing what to do next, where something is missing; a sentence each
 */
public record Overview(
        Frame frame,
        String base,
        String facts,
        boolean paused,
        List<Flow> flows,
        String held,
        String checkpoints,
        List<Running> running,
        String waiting,
        List<String> missing,
        List<Event> lately,
        List<Action> actions) {

    /**
     * A run that a worker works on.
     *
     * @param progress how far it is
     * @param why it was asked for
     */
    public record Running(RunRow run, String progress, double done, String why) {
        /** Whether it is known how much of it is done. */
        public boolean isMeasured() {
            return done >= 0;
        }

        /** Whole percents that are done. */
        public long percent() {
            return Math.round(done);
        }
    }

    /** Something that has happened. */
    public record Event(Say.When time, String text, String href) {}

    public Overview {
        flows = List.copyOf(flows);
        running = List.copyOf(running);
        missing = List.copyOf(missing);
        lately = List.copyOf(lately);
        actions = List.copyOf(actions);
    }
}
