package dev.tutelage.learning.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.TreeMap;

/** JSON whose text is the same whenever its meaning is the same, so that it can be hashed. */
final class CanonicalJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DOUBLE_DIGITS = 17;

    private CanonicalJson() {}

    /** The tree with its fields sorted and its fractions in their shortest form. */
    static JsonNode of(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode sorted = NODES.objectNode();
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
            fields.forEach((name, value) -> sorted.set(name, of(value)));
            return sorted;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode items = NODES.arrayNode();
            array.forEach(item -> items.add(of(item)));
            return items;
        }
        return node.isFloatingPointNumber() ? DecimalNode.valueOf(shortest(node.doubleValue())) : node;
    }

    /** The decimal of fewest digits that reads back as the number; JDKs before 19 do not always print that. */
    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == number) {
                return plain(rounded);
            }
        }
        return plain(exact.round(new MathContext(DOUBLE_DIGITS)));
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
