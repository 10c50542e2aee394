package dev.tutelage.learning.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Merges JSON onto JSON that has all known fields, refusing others. */
final class KnownFields {

    private KnownFields() {}

    /** Writes the changes into {@code known}; {@code path} is where in the recipe both stand. */
    static void merge(String recipe, String path, ObjectNode known, JsonNode changes) {
        if (!(changes instanceof ObjectNode)) {
            throw new InvalidRecipeException(
                    recipe + ": " + (path.isEmpty() ? "it" : path) + " must be an object, not " + changes);
        }
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String name = change.getKey();
            String at = path.isEmpty() ? name : path + "." + name;
            if (!known.has(name)) {
                throw new InvalidRecipeException(recipe + ": unknown field " + at + "; did you mean "
                        + nearest(name, known) + "? Known here: " + String.join(", ", names(known)));
            }
            mergeField(recipe, at, known, name, change.getValue());
        }
    }

    private static void mergeField(String recipe, String at, ObjectNode known, String name, JsonNode change) {
        if (known.get(name) instanceof ObjectNode inner) {
            merge(recipe, at, inner, change);
            return;
        }
        if (known.get(name) instanceof ArrayNode list && change instanceof ArrayNode changes) {
            checkElements(recipe, at, list, changes);
        }
        known.set(name, change);
    }

    /** The elements of a list of objects all have the fields that the first known one has. */
    private static void checkElements(String recipe, String at, ArrayNode known, ArrayNode changes) {
        if (!(known.path(0) instanceof ObjectNode form)) {
            return;
        }
        for (int i = 0; i < changes.size(); i++) {
            merge(recipe, at + "[" + i + "]", form.deepCopy(), changes.get(i));
        }
    }

    private static String nearest(String name, ObjectNode known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return names(known).stream()
                .min(Comparator.comparingInt(candidate -> distance.apply(name, candidate)))
                .orElseThrow();
    }

    private static List<String> names(ObjectNode known) {
        List<String> names = new ArrayList<>();
        known.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
