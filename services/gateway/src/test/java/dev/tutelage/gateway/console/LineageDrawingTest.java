package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.gateway.api.view.Lineage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineageDrawingTest {
    private static final Lineage LINEAGE = new Lineage(
            List.of(
                    node("images", "dataset"),
                    node("encoder", "checkpoint"),
                    node("labels", "dataset"),
                    node("teacher", "checkpoint"),
                    node("soft-labels/teacher", "soft-labels"),
                    node("student", "checkpoint"),
                    node("other", "checkpoint")),
            List.of(
                    new Lineage.Edge("images", "encoder", "trained-on"),
                    new Lineage.Edge("encoder", "teacher", "parent"),
                    new Lineage.Edge("labels", "teacher", "trained-on"),
                    new Lineage.Edge("teacher", "soft-labels/teacher", "labeled-by"),
                    new Lineage.Edge("soft-labels/teacher", "student", "trained-on"),
                    new Lineage.Edge("teacher", "student", "teacher"),
                    new Lineage.Edge("gone", "student", "started-from"),
                    new Lineage.Edge("images", "other", "trained-on")));

    private static Lineage.Node node(String id, String kind) {
        return new Lineage.Node(
                id,
                kind,
                kind.equals("checkpoint") ? Optional.of("stage of " + id) : Optional.empty(),
                Optional.of(2L),
                Optional.of(1200L));
    }

    private static Tree tree(Lineage lineage, String focus) {
        return new LineageDrawing(lineage, focus, "/tasks/birds")
                .tree(Frame.of("Lineage", "birds", "models", List.of("birds")), "/tasks/birds");
    }

    @Test
    void everythingStandsRightOfWhatItWasMadeFrom() {
        Tree tree = tree(LINEAGE, "student");
        Map<String, Tree.Box> boxes =
                tree.boxes().stream().collect(Collectors.toMap(box -> box.kind() + " " + box.name(), box -> box));
        List<String> line = List.of(
                "Dataset images",
                "stage of encoder encoder",
                "stage of teacher teacher",
                "Soft labels by teacher",
                "stage of student student");
        for (int i = 1; i < line.size(); i++) {
            assertThat(boxes.get(line.get(i)).x())
                    .isGreaterThan(boxes.get(line.get(i - 1)).x() + Tree.BOX_WIDTH);
        }
        assertThat(boxes.get("stage of student student").here()).isTrue();
        assertThat(boxes.get("Dataset images").note()).isEqualTo("1,200 images in 2 shards");
        assertThat(boxes.get("Not known here gone").isLink()).isFalse();
        assertThat(boxes).doesNotContainKey("stage of other other");
        assertThat(tree.boxes())
                .allMatch(box -> box.x() + Tree.BOX_WIDTH < tree.width() && box.y() + Tree.BOX_HEIGHT < tree.height());
        for (Tree.Box one : tree.boxes()) {
            assertThat(tree.boxes())
                    .filteredOn(other -> other.x() == one.x() && other.y() == one.y())
                    .as("boxes at the same place")
                    .hasSize(1);
        }
    }

    @Test
    void theWordsSayTheSameAsTheLines() {
        Tree tree = tree(LINEAGE, "student");
        assertThat(tree.paths()).hasSize(7);
        assertThat(tree.sentences())
                .containsExactlyInAnyOrder(
                        "stage of encoder encoder was trained on Dataset images",
                        "stage of teacher teacher was made from stage of encoder encoder",
                        "stage of teacher teacher was trained on Dataset labels",
                        "Soft labels by teacher were made by stage of teacher teacher",
                        "stage of student student (this checkpoint) was trained on Soft labels by teacher",
                        "stage of student student (this checkpoint) learned from the teacher stage of teacher teacher",
                        "stage of student student (this checkpoint) started with the weights of Not known here gone");
    }

    @Test
    void whatWasMadeFromItselfAndWhatIsTooMuchIsDrawnAllTheSame() {
        Lineage circle = new Lineage(
                List.of(node("a", "checkpoint"), node("b", "checkpoint")),
                List.of(new Lineage.Edge("a", "b", "parent"), new Lineage.Edge("b", "a", "parent")));
        assertThat(tree(circle, "a").boxes()).hasSize(2);
        List<Lineage.Node> nodes = new ArrayList<>(List.of(node("a", "checkpoint")));
        List<Lineage.Edge> edges = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> {
            nodes.add(node("child-" + i, "checkpoint"));
            edges.add(new Lineage.Edge("a", "child-" + i, "parent"));
        });
        Tree large = tree(new Lineage(nodes, edges), "a");
        assertThat(large.complete()).isFalse();
        assertThat(large.boxes()).hasSize(60).anyMatch(Tree.Box::here);
    }
}
