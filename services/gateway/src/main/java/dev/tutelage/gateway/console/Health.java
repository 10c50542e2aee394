package dev.tutelage.gateway.console;

import java.util.List;

/**
 * How the system is, as far as facts tell.
 *
 * @param answered how soon students have answered, a row for each task that was asked
 * @param open dead letters that are not dealt with, the newest first
 * @param dealt how many others there are
 */
public record Health(
        Frame frame,
        boolean caughtUp,
        List<Service> services,
        List<Answered> answered,
        List<Letter> open,
        String dealt) {

    /** Who says facts. */
    public record Service(String name, String facts, Say.When first, Say.When last) {}

    /**
     * How soon a task's student has answered.
     *
     * @param href where it can be asked
     */
    public record Answered(String task, String href, String requests, String median, String p99) {}

    /**
     * A dead letter.
     *
     * @param offset its name for people
     * @param source where the record lies that could not be processed
     * @param run it is about; empty if it is about none
     * @param parts of the input that were left out, the first of them
     * @param actions what can be done about it
     */
    public record Letter(
            long offset,
            Say.When time,
            String service,
            String task,
            String run,
            String runHref,
            String source,
            String reason,
            List<String> parts,
            String more,
            List<Action> actions) {
        public Letter {
            parts = List.copyOf(parts);
            actions = List.copyOf(actions);
        }
    }

    public Health {
        services = List.copyOf(services);
        answered = List.copyOf(answered);
        open = List.copyOf(open);
    }
}
