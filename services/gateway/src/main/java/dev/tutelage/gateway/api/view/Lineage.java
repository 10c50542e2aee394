package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Extent;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.history.RunEntry;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What was made from what: from the datasets' shards to the students. */
@Schema(name = "Lineage", description = "What was made from what, from the datasets' shards to the students")
public record Lineage(List<Node> nodes, List<Edge> edges) {

    /** Something that was made, or that something was made from. */
    @Schema(name = "LineageNode", description = "A dataset, the soft labels of a teacher, or a checkpoint")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Node(
            @Schema(description = "Digest of a checkpoint or a dataset; soft-labels/ and the teacher's digest")
            String id,

            @Schema(enumeration = {"dataset", "soft-labels", "checkpoint"})
            String kind,

            @Schema(description = "Of checkpoints") Optional<String> stage,

            @Schema(description = "Shards of it, where that is known: a prefix of the log")
            Optional<Long> shards,

            @Schema(description = "Images of it, where that is known")
            Optional<Long> images) {}

    /** That one node was made from another. */
    @Schema(name = "LineageEdge", description = "One node was made from another")
    public record Edge(
            @Schema(description = "Id of what it was made from")
            String from,

            @Schema(description = "Id of what was made") String to,

            @Schema(
                    description = "The part that it had",
                    enumeration = {"trained-on", "parent", "teacher", "started-from", "labeled-by"})
            String kind) {}

    public static Lineage of(TaskHistory history) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        Set<Edge> edges = new LinkedHashSet<>();
        for (Said<CheckpointPublished> said : history.checkpoints().oldestFirst()) {
            add(said.fact(), history, nodes, edges);
        }
        return new Lineage(List.copyOf(nodes.values()), new ArrayList<>(edges));
    }

    private static void add(
            CheckpointPublished checkpoint, TaskHistory history, Map<String, Node> nodes, Set<Edge> edges) {
        String digest = checkpoint.getDigest();
        Text.some(checkpoint.getDataset()).ifPresent(dataset -> {
            nodes.putIfAbsent(dataset, dataset(dataset, request(checkpoint, history)));
            edges.add(new Edge(dataset, digest, "trained-on"));
        });
        boolean taught = isTaught(checkpoint.getStage());
        Text.some(checkpoint.getParent()).ifPresent(parent -> {
            edges.add(new Edge(parent, digest, taught ? "teacher" : "parent"));
            if (taught) {
                softLabels(parent, digest, history, nodes, edges);
            }
        });
        Text.some(checkpoint.getStart()).ifPresent(start -> edges.add(new Edge(start, digest, "started-from")));
        nodes.put(
                digest,
                new Node(
                        digest,
                        "checkpoint",
                        Optional.of(MessageJson.name(checkpoint.getStage())),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static boolean isTaught(Stage stage) {
        return stage == Stage.STAGE_DISTILL || stage == Stage.STAGE_SELF_DISTILL;
    }

    private static Optional<RunRequested> request(CheckpointPublished checkpoint, TaskHistory history) {
        return history.runs()
                .get(checkpoint.getRunId())
                .flatMap(RunEntry::asked)
                .map(Said::fact);
    }

    private static Node dataset(String digest, Optional<RunRequested> request) {
        Optional<Extent> extent = request.filter(RunRequested::hasExtent).map(RunRequested::getExtent);
        boolean labeled = request.map(RunRequested::getStage)
                .filter(stage -> stage == Stage.STAGE_FINE_TUNE || stage == Stage.STAGE_SUPERVISED)
                .isPresent();
        return new Node(
                digest,
                "dataset",
                Optional.empty(),
                extent.map(all -> labeled ? all.getLabeledShards() : all.getUnlabeledShards()),
                extent.map(all -> labeled ? all.getLabels() : all.getUnlabeledImages()));
    }

    private static void softLabels(
            String teacher, String student, TaskHistory history, Map<String, Node> nodes, Set<Edge> edges) {
        history.labeledBy(teacher).ifPresent(tally -> {
            String id = "soft-labels/" + teacher;
            nodes.putIfAbsent(
                    id,
                    new Node(
                            id,
                            "soft-labels",
                            Optional.empty(),
                            Optional.of((long) tally.shards()),
                            Optional.of(tally.images())));
            edges.add(new Edge(teacher, id, "labeled-by"));
            edges.add(new Edge(id, student, "trained-on"));
        });
    }
}
