package dev.tutelage.gateway.console;

import java.util.List;

/**
 * The page on which people say what images show. What is asked comes from the API.
 *
 * @param queue address of the queue in the API
 * @param strategy by which images are chosen
 */
public record LabelingView(
        Frame frame, String base, String queue, String strategy, List<Choice> strategies, List<Answer> classes) {

    /** A strategy that can be chosen. */
    public record Choice(String name, String words, boolean chosen) {}

    /**
     * A class that can be answered.
     *
     * @param key that answers it; empty if there are more classes than keys
     */
    public record Answer(String name, String key) {
        public boolean hasKey() {
            return !key.isEmpty();
        }
    }

    public LabelingView {
        strategies = List.copyOf(strategies);
        classes = List.copyOf(classes);
    }
}
