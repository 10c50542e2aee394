package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A shard.
 *
 * @param labels what became of its images when they were labeled, a line for each teacher
 * @param problem why its images cannot be looked at, or what is wrong with them; empty if nothing is
 */
public record ShardView(
        Frame frame,
        String base,
        String digest,
        List<RunView.Line> facts,
        List<RunView.Line> labels,
        List<Picture> pictures,
        Pager pager,
        String problem) {

    /**
     * An image.
     *
     * @param label its class; empty if it has none
     */
    public record Picture(String key, String href, String label) {}

    public ShardView {
        facts = List.copyOf(facts);
        labels = List.copyOf(labels);
        pictures = List.copyOf(pictures);
    }
}
