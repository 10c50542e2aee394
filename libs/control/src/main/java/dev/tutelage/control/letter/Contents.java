package dev.tutelage.control.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.MalformedEventException;
import dev.tutelage.event.v1.DeadLettered;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a record that could not be processed holds.
 *
 * @param fact that it says, if it says one
 * @param problem why it says none; empty if it does
 * @param headers as text
 */
public record Contents(Optional<Message> fact, String problem, Map<String, String> headers) {
    private static final int DUMPED = 128;
    private static final int LINE = 16;

    public static Contents of(DeadLettered letter) {
        Map<String, String> headers = new TreeMap<>();
        letter.getHeadersMap().forEach((name, value) -> headers.put(name, value.toString(UTF_8)));
        try {
            Message fact = FactCodec.decode(
                            letter.getSourceTopic(), headers, letter.getValue().toByteArray())
                    .payload();
            return new Contents(Optional.of(fact), "", headers);
        } catch (MalformedEventException e) {
            return new Contents(Optional.empty(), e.getMessage(), headers);
        }
    }

    /** The first bytes of a value, as hexadecimal numbers and as text. */
    public static List<String> dump(ByteString value) {
        byte[] bytes = value.substring(0, Math.min(DUMPED, value.size())).toByteArray();
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += LINE) {
            int end = Math.min(start + LINE, bytes.length);
            StringBuilder text = new StringBuilder();
            for (int i = start; i < end; i++) {
                text.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
            }
            String hex = HexFormat.ofDelimiter(" ").formatHex(bytes, start, end);
            lines.add(String.format("%06x  %-47s  %s", start, hex, text));
        }
        if (value.size() > bytes.length) {
            lines.add("... " + (value.size() - bytes.length) + " more bytes");
        }
        return lines;
    }

    /** A message's fields that are set, by their names. */
    public static Map<String, Object> fields(Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        message.getAllFields().forEach((field, value) -> fields.put(field.getName(), plain(value)));
        return fields;
    }

    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Contents::plain).toList();
        } else if (value instanceof Message message) {
            return fields(message);
        } else if (value instanceof EnumValueDescriptor name) {
            return name.getName();
        } else if (value instanceof ByteString bytes) {
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
        return value;
    }
}
