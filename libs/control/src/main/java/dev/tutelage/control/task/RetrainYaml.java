package dev.tutelage.control.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.event.v1.Overlap;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.platform.policy.Durations;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Reads {@code policies.retrain} of a task file: when stages that have run once are due again. */
final class RetrainYaml {
    static final String FIELD = "policies.retrain";
    private static final String PRETRAIN = "pretrain";
    private static final String FINE_TUNE = "fine-tune";
    private static final String DISTILL = "distill";
    private static final List<String> STAGES = List.of(PRETRAIN, FINE_TUNE, DISTILL);
    private static final List<String> KEYS =
            List.of("when", "quiet", "min-interval", "runs-per-day", "max-running", "overlap");

    private final String file;

    RetrainYaml(String file) {
        this.file = file;
    }

    /**
     * What the section declares.
     *
     * @throws InvalidTaskException naming the file, the field and what to do
     */
    Retraining read(ObjectNode section) throws InvalidTaskException {
        Retraining.Builder built = Retraining.newBuilder();
        for (Map.Entry<String, JsonNode> stage : section.properties()) {
            String field = FIELD + "." + stage.getKey();
            StagePolicy policy =
                    switch (requireKnown(stage.getKey(), STAGES, field)) {
                        case PRETRAIN -> policy(stage.getValue(), field, new ConditionYaml(file, false, false));
                        case FINE_TUNE -> policy(stage.getValue(), field, new ConditionYaml(file, true, false));
                        default -> policy(stage.getValue(), field, new ConditionYaml(file, true, true));
                    };
            switch (stage.getKey()) {
                case PRETRAIN -> built.setPretrain(policy);
                case FINE_TUNE -> built.setFineTune(policy);
                default -> built.setDistill(policy);
            }
        }
        return built.build();
    }

    private StagePolicy policy(JsonNode node, String path, ConditionYaml conditions) throws InvalidTaskException {
        if (!(node instanceof ObjectNode policy)) {
            throw must(path, "an object with " + String.join(", ", KEYS));
        }
        StagePolicy.Builder built = StagePolicy.newBuilder();
        for (Map.Entry<String, JsonNode> entry : policy.properties()) {
            String field = path + "." + entry.getKey();
            JsonNode value = entry.getValue();
            switch (requireKnown(entry.getKey(), KEYS, field)) {
                case "when" -> built.setWhen(conditions.read(value, field));
                case "quiet" -> built.setQuietMillis(millis(value, field));
                case "min-interval" -> built.setMinIntervalMillis(millis(value, field));
                case "runs-per-day" -> built.setRunsPerDay(count(value, field));
                case "max-running" -> built.setMaxRunning(count(value, field));
                default -> built.setOverlap(overlap(value, field));
            }
        }
        return built.build();
    }

    private long millis(JsonNode value, String field) throws InvalidTaskException {
        return duration(value, file, field);
    }

    /** A duration in milliseconds. */
    static long duration(JsonNode value, String file, String field) throws InvalidTaskException {
        return Optional.of(value)
                .filter(JsonNode::isTextual)
                .flatMap(text -> Durations.parse(text.asText()))
                .orElseThrow(() -> must(file, field, "a number and a unit, such as 30s, 5m, 1h or 7d, not " + value))
                .toMillis();
    }

    private int count(JsonNode value, String field) throws InvalidTaskException {
        if (!value.isInt() || value.intValue() < 1) {
            throw must(field, "a whole number of 1 or more, not " + value);
        }
        return value.intValue();
    }

    private Overlap overlap(JsonNode value, String field) throws InvalidTaskException {
        return switch (value.asText()) {
            case "queue" -> Overlap.OVERLAP_QUEUE;
            case "cancel" -> Overlap.OVERLAP_CANCEL;
            case "coexist" -> Overlap.OVERLAP_COEXIST;
            default -> throw must(field, "queue, cancel or coexist, not " + value);
        };
    }

    private String requireKnown(String name, Collection<String> known, String field) throws InvalidTaskException {
        return requireKnown(name, known, file, field);
    }

    /** The name, if it is one of those that are known. */
    static String requireKnown(String name, Collection<String> known, String file, String field)
            throws InvalidTaskException {
        if (known.contains(name)) {
            return name;
        }
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String nearest = known.stream()
                .min(Comparator.comparing(each -> distance.apply(each, name)))
                .orElse("");
        throw new InvalidTaskException(file + ": unknown field '" + field + "'; did you mean '" + nearest
                + "'? There are " + String.join(", ", known));
    }

    private InvalidTaskException must(String field, String allowed) {
        return must(file, field, allowed);
    }

    static InvalidTaskException must(String file, String field, String allowed) {
        return new InvalidTaskException(file + ": field '" + field + "' must be " + allowed);
    }
}
