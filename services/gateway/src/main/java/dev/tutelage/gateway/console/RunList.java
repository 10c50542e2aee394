package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A page of a task's runs.
 *
 * @param stages to choose from; the first is all of them
 * @param live where its part that changes is
 * @param pager where on the list this page is
 */
public record RunList(
        Frame frame,
        String base,
        String live,
        List<Choice> stages,
        List<Choice> states,
        List<RunRow> rows,
        Pager pager) {

    /** A value of a filter. */
    public record Choice(String value, String text, boolean chosen) {}

    public RunList {
        stages = List.copyOf(stages);
        states = List.copyOf(states);
        rows = List.copyOf(rows);
    }
}
