package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Messages as JSON: fields by the names that they have in the protocol, those that are not set left out; enumerations by their
 * names for people; what is no finite number is null.
 */
public final class MessageJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MessageJson() {}

    public static ObjectNode of(Message message) {
        ObjectNode node = NODES.objectNode();
        message.getAllFields().forEach((field, value) -> node.set(field.getName(), field(field, value)));
        return node;
    }

    private static JsonNode field(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            ObjectNode node = NODES.objectNode();
            for (Object entry : (List<?>) value) {
                MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
                node.set(pair.getKey().toString(), plain(pair.getValue()));
            }
            return node;
        } else if (field.isRepeated()) {
            ArrayNode node = NODES.arrayNode();
            ((List<?>) value).forEach(each -> node.add(plain(each)));
            return node;
        }
        return plain(value);
    }

    private static JsonNode plain(Object value) {
        if (value instanceof Message message) {
            return of(message);
        } else if (value instanceof EnumValueDescriptor each) {
            return NODES.textNode(name(each));
        } else if (value instanceof ByteString bytes) {
            return NODES.textNode(HexFormat.of().formatHex(bytes.toByteArray()));
        } else if (value instanceof Integer number) {
            return NODES.numberNode(number.intValue());
        } else if (value instanceof Long number) {
            return NODES.numberNode(number.longValue());
        } else if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        } else if (value instanceof Number number) {
            double real = number.doubleValue();
            return Double.isFinite(real) ? NODES.numberNode(real) : NODES.nullNode();
        }
        return NODES.textNode(value.toString());
    }

    /** A value's name for people, such as {@code fine-tune}: without the prefix that all values of its type have. */
    public static String name(ProtocolMessageEnum value) {
        return name(value.getValueDescriptor());
    }

    private static String name(EnumValueDescriptor value) {
        String type = value.getType().getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2");
        String prefix = type.toUpperCase(Locale.ROOT) + "_";
        String name = value.getName().startsWith(prefix) ? value.getName().substring(prefix.length()) : value.getName();
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A recipe, which facts hold as text; as it stands, where it is no JSON. */
    public static JsonNode recipe(String text) {
        try {
            return text.isEmpty() ? NODES.objectNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return NODES.textNode(text);
        }
    }
}
