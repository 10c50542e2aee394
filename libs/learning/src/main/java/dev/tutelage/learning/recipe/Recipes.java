package dev.tutelage.learning.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The JSON form of one kind of recipe, its presets, and presets with fields overridden.
 *
 * @param <R> the kind of recipe
 */
public final class Recipes<R extends Recipe> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    public static final Recipes<PretrainRecipe> PRETRAIN = of("pretrain", PretrainRecipe.class, Presets.PRETRAIN);
    public static final Recipes<FineTuneRecipe> FINE_TUNE = of("fine-tune", FineTuneRecipe.class, Presets.FINE_TUNE);
    public static final Recipes<SupervisedRecipe> SUPERVISED =
            of("supervised", SupervisedRecipe.class, Presets.SUPERVISED);
    public static final Recipes<LabelRecipe> LABEL = of("label", LabelRecipe.class, Presets.LABEL);
    public static final Recipes<DistillRecipe> DISTILL = of("distill", DistillRecipe.class, Presets.DISTILL);
    public static final Recipes<SelectionRecipe> SELECTION = of("selection", SelectionRecipe.class, Presets.SELECTION);

    private final String stage;
    private final Class<R> kind;
    private final Map<String, R> presets;

    private Recipes(String stage, Class<R> kind, Map<String, R> presets) {
        this.stage = stage;
        this.kind = kind;
        this.presets = presets;
    }

    private static <R extends Recipe> Recipes<R> of(String stage, Class<R> kind, Map<String, R> presets) {
        return new Recipes<>(stage, kind, presets);
    }

    /** The names of the presets, sorted. */
    public List<String> presets() {
        return presets.keySet().stream().sorted().toList();
    }

    /**
     * A preset by its name.
     *
     * @throws InvalidRecipeException if there is none of this name, naming those there are
     */
    public R preset(String name) {
        R preset = presets.get(name);
        if (preset == null) {
            throw new InvalidRecipeException(stage + " recipe: there is no preset \"" + name + "\"; there is "
                    + presets().stream().collect(Collectors.joining(", ")));
        }
        return preset;
    }

    /**
     * A recipe with some fields replaced. Objects are merged field by field, lists are replaced whole.
     *
     * @param overrides a JSON object of the recipe's own form, any part of it
     * @throws InvalidRecipeException if it is no JSON, names an unknown field (with the nearest known one), or gives a
     *     field a value it cannot have
     */
    public R override(R recipe, String overrides) {
        JsonNode changes = parse(overrides);
        ObjectNode merged = JSON.valueToTree(recipe);
        KnownFields.merge(stage + " recipe", "", merged, changes);
        return bind(merged);
    }

    /**
     * A recipe from its whole JSON form.
     *
     * @throws InvalidRecipeException as {@link #override} does, and if a field is missing
     */
    public R read(String json) {
        JsonNode tree = parse(json);
        // Any preset has all the fields there are.
        ObjectNode known = JSON.valueToTree(presets.values().iterator().next());
        KnownFields.merge(stage + " recipe", "", known, tree);
        return bind(tree);
    }

    /** A recipe from its whole JSON form, or nothing if {@link #read} would refuse it. */
    public Optional<R> readable(String json) {
        try {
            return Optional.of(read(json));
        } catch (InvalidRecipeException e) {
            return Optional.empty();
        }
    }

    /** The canonical form: fields sorted, numbers as short as they can be, no spaces. Equal recipes give equal text. */
    public String write(R recipe) {
        return CanonicalJson.of(JSON.valueToTree(recipe)).toString();
    }

    private JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidRecipeException(stage + " recipe: not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private R bind(JsonNode tree) {
        try {
            return JSON.treeToValue(tree, kind);
        } catch (JsonMappingException e) {
            throw new InvalidRecipeException(stage + " recipe: " + problem(e), e);
        } catch (JsonProcessingException e) {
            throw new InvalidRecipeException(stage + " recipe: " + e.getOriginalMessage(), e);
        }
    }

    private static String problem(JsonMappingException e) {
        if (e.getCause() instanceof IllegalArgumentException invalid) {
            return invalid.getMessage();
        }
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        return path + ": " + e.getOriginalMessage();
    }
}
