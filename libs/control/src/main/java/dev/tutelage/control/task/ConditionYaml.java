package dev.tutelage.control.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Conditions;
import dev.tutelage.platform.policy.CronSchedule;
import java.util.List;

/** Reads what makes a stage due again: a condition, or several of which any or all must come true. */
final class ConditionYaml {
    private static final String NEW_PARENT = "new-parent";
    private static final String DRIFT = "drift";
    private static final String NEW_SOFT_LABELS = "new-soft-labels";
    private static final List<String> KINDS = List.of(
            "new-images",
            "new-labels",
            NEW_SOFT_LABELS,
            "growth",
            NEW_PARENT,
            DRIFT,
            "schedule",
            "max-age",
            "any",
            "all");

    private final String file;
    private final boolean parents;
    private final boolean softLabels;

    /**
     * @param parents whether the stage starts from other checkpoints
     * @param softLabels whether it learns from soft labels
     */
    ConditionYaml(String file, boolean parents, boolean softLabels) {
        this.file = file;
        this.parents = parents;
        this.softLabels = softLabels;
    }

    /** @param path of the node, for people */
    Condition read(JsonNode node, String path) throws InvalidTaskException {
        if (node.isTextual()) {
            return word(node.asText(), path);
        }
        if (!node.isObject() || node.size() != 1) {
            throw RetrainYaml.must(
                    file,
                    path,
                    "one condition, such as new-parent, {new-images: 6000} or {any: [new-parent, drift]}, not " + node);
        }
        String kind = node.fieldNames().next();
        return condition(kind, node.get(kind), path + "." + kind);
    }

    /** Conditions without a value are a word, and may be written with {@code true}. */
    private Condition word(String kind, String path) throws InvalidTaskException {
        RetrainYaml.requireKnown(kind, KINDS, file, path + "." + kind);
        return switch (kind) {
            case NEW_PARENT -> parents(path);
            case DRIFT -> Condition.newBuilder().setDrift(true).build();
            default -> throw RetrainYaml.must(file, path, "{" + kind + ": ...}: '" + kind + "' needs a value");
        };
    }

    private Condition parents(String path) throws InvalidTaskException {
        if (!parents) {
            throw RetrainYaml.must(
                    file, path, "another condition: pretraining starts from no other stage's checkpoint");
        }
        return Condition.newBuilder().setNewParent(true).build();
    }

    private Condition condition(String kind, JsonNode value, String path) throws InvalidTaskException {
        Condition.Builder built = Condition.newBuilder();
        return switch (RetrainYaml.requireKnown(kind, KINDS, file, path)) {
            case "new-images" -> built.setNewImages(amount(value, path)).build();
            case "new-labels" -> built.setNewLabels(amount(value, path)).build();
            case NEW_SOFT_LABELS ->
                built.setNewSoftLabels(softLabels(value, path)).build();
            case "growth" -> built.setGrowth(factor(value, path)).build();
            case "schedule" -> built.setSchedule(schedule(value, path)).build();
            case "max-age" ->
                built.setMaxAgeMillis(RetrainYaml.duration(value, file, path)).build();
            case "any" -> built.setAny(several(value, path)).build();
            case "all" -> built.setAll(several(value, path)).build();
            default -> flag(kind, value, path);
        };
    }

    private Condition flag(String kind, JsonNode value, String path) throws InvalidTaskException {
        if (!value.isBoolean() || !value.booleanValue()) {
            throw RetrainYaml.must(file, path, "true, or the condition just '" + kind + "', not " + value);
        }
        return word(kind, path);
    }

    private long amount(JsonNode value, String path) throws InvalidTaskException {
        if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 1) {
            throw RetrainYaml.must(file, path, "a whole number of 1 or more, not " + value);
        }
        return value.longValue();
    }

    private long softLabels(JsonNode value, String path) throws InvalidTaskException {
        if (!softLabels) {
            throw RetrainYaml.must(file, path, "left out: only distill learns from soft labels");
        }
        return amount(value, path);
    }

    private double factor(JsonNode value, String path) throws InvalidTaskException {
        double factor = value.asDouble();
        if (!value.isNumber() || !(factor > 1) || !Double.isFinite(factor)) {
            throw RetrainYaml.must(file, path, "more than 1, such as 1.5, not " + value);
        }
        return factor;
    }

    private String schedule(JsonNode value, String path) throws InvalidTaskException {
        try {
            if (value.isTextual()) {
                CronSchedule unused = CronSchedule.parse(value.asText());
                return value.asText();
            }
        } catch (IllegalArgumentException e) {
            throw RetrainYaml.must(
                    file, path, "a Unix cron expression in UTC, such as \"0 3 * * *\": " + e.getMessage());
        }
        throw RetrainYaml.must(file, path, "a Unix cron expression in UTC, such as \"0 3 * * *\", not " + value);
    }

    private Conditions several(JsonNode value, String path) throws InvalidTaskException {
        if (!value.isArray() || value.isEmpty()) {
            throw RetrainYaml.must(file, path, "a list of one or more conditions, not " + value);
        }
        Conditions.Builder built = Conditions.newBuilder();
        for (int i = 0; i < value.size(); i++) {
            built.addConditions(read(value.get(i), path + "[" + i + "]"));
        }
        return built.build();
    }
}
