package dev.tutelage.gateway.console;

import dev.tutelage.gateway.api.view.Lineage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Lays out what has to do with a checkpoint: what was made first stands at the left, and each thing right of all that it was
 * made from.
 */
final class LineageDrawing {
    private static final int MOST = 60;
    private static final int STEP_X = Tree.BOX_WIDTH + 48;
    private static final int STEP_Y = Tree.BOX_HEIGHT + 18;
    private static final String SOFT_LABELS = "soft-labels/";

    private final String focus;
    private final Map<String, Lineage.Node> nodes = new LinkedHashMap<>();
    private final List<Lineage.Edge> edges;
    private final Map<String, Integer> layers = new HashMap<>();
    private final Map<String, Tree.Box> boxes = new LinkedHashMap<>();
    private final boolean complete;

    /** @param focus digest of the checkpoint */
    LineageDrawing(Lineage lineage, String focus, String base) {
        this.focus = focus;
        Map<String, Lineage.Node> known = new HashMap<>();
        lineage.nodes().forEach(node -> known.put(node.id(), node));
        Set<String> related = new LinkedHashSet<>(reach(lineage, Lineage.Edge::to, Lineage.Edge::from));
        related.addAll(reach(lineage, Lineage.Edge::from, Lineage.Edge::to));
        this.complete = related.size() <= MOST;
        related.stream().limit(MOST).forEach(id -> nodes.put(id, known.getOrDefault(id, unknown(id))));
        this.edges = lineage.edges().stream()
                .filter(edge -> nodes.containsKey(edge.from()) && nodes.containsKey(edge.to()))
                .toList();
        layer();
        place(base);
    }

    private static Lineage.Node unknown(String id) {
        return new Lineage.Node(id, "unknown", Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What is reached from the checkpoint along the edges, itself first. */
    private Set<String> reach(
            Lineage lineage, Function<Lineage.Edge, String> begin, Function<Lineage.Edge, String> end) {
        Map<String, List<String>> next = new HashMap<>();
        lineage.edges().forEach(edge -> next.computeIfAbsent(begin.apply(edge), none -> new ArrayList<>())
                .add(end.apply(edge)));
        Set<String> reached = new LinkedHashSet<>(Set.of(focus));
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (String each : next.getOrDefault(open.poll(), List.of())) {
                if (reached.add(each)) {
                    open.add(each);
                }
            }
        }
        return reached;
    }

    /** What was made from itself, by a mistake, has a layer all the same. */
    private void layer() {
        nodes.keySet().forEach(id -> layers.put(id, 0));
        boolean changed = true;
        for (int round = 0; changed && round < nodes.size(); round++) {
            changed = false;
            for (Lineage.Edge edge : edges) {
                int after = layers.get(edge.from()) + 1;
                if (layers.get(edge.to()) < after) {
                    layers.put(edge.to(), after);
                    changed = true;
                }
            }
        }
    }

    private void place(String base) {
        Map<Integer, Integer> taken = new HashMap<>();
        nodes.forEach((id, node) -> {
            int layer = layers.get(id);
            int row = taken.merge(layer, 1, Integer::sum) - 1;
            boxes.put(id, box(node, base, 1 + layer * STEP_X, 1 + row * STEP_Y));
        });
    }

    private Tree.Box box(Lineage.Node node, String base, int x, int y) {
        boolean here = node.id().equals(focus);
        String name = Say.digest(node.id().replace(SOFT_LABELS, ""));
        return switch (node.kind()) {
            case "checkpoint" ->
                new Tree.Box(
                        node.stage().orElse("checkpoint"),
                        name,
                        here ? "this checkpoint" : "checkpoint",
                        here ? "" : base + "/models/" + node.id(),
                        here,
                        x,
                        y);
            case "dataset" -> new Tree.Box("Dataset", name, amount(node), base + "/data", false, x, y);
            case "soft-labels" ->
                new Tree.Box("Soft labels", "by " + name, amount(node), base + "/labels", false, x, y);
            default -> new Tree.Box("Not known here", name, "", "", here, x, y);
        };
    }

    private static String amount(Lineage.Node node) {
        return node.images().map(images -> Say.count(images, "image")).orElse("")
                + node.shards()
                        .map(shards -> " in " + Say.count(shards, "shard"))
                        .orElse("");
    }

    Tree tree(Frame frame, String base) {
        int width = boxes.values().stream().mapToInt(Tree.Box::x).max().orElse(0) + Tree.BOX_WIDTH + 1;
        int height = boxes.values().stream().mapToInt(Tree.Box::y).max().orElse(0) + Tree.BOX_HEIGHT + 1;
        return new Tree(
                frame,
                base,
                focus,
                width,
                height,
                List.copyOf(boxes.values()),
                edges.stream().map(this::path).toList(),
                edges.stream().map(this::sentence).toList(),
                complete);
    }

    private String path(Lineage.Edge edge) {
        Tree.Box from = boxes.get(edge.from());
        Tree.Box to = boxes.get(edge.to());
        int startX = from.x() + Tree.BOX_WIDTH;
        int startY = from.y() + Tree.BOX_HEIGHT / 2;
        int endX = to.x() - 4;
        int endY = to.y() + Tree.BOX_HEIGHT / 2;
        int middle = (startX + endX) / 2;
        return "M" + startX + " " + startY + "C" + middle + " " + startY + " " + middle + " " + endY + " " + endX + " "
                + endY;
    }

    private String sentence(Lineage.Edge edge) {
        String from = called(edge.from());
        String to = called(edge.to());
        return switch (edge.kind()) {
            case "trained-on" -> to + " was trained on " + from;
            case "teacher" -> to + " learned from the teacher " + from;
            case "started-from" -> to + " started with the weights of " + from;
            case "labeled-by" -> to + " were made by " + from;
            default -> to + " was made from " + from;
        };
    }

    private String called(String id) {
        Tree.Box box = boxes.get(id);
        return box.kind() + " " + box.name() + (box.here() ? " (this checkpoint)" : "");
    }
}
