package dev.tutelage.learning.recipe;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the fields of a recipe mean, in the words of its record's Javadoc. */
final class FieldMeanings {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern LINK = Pattern.compile("\\{@(?:link|code|value)\\s+#?([^}]*)}");

    private final Map<String, String> meanings = new LinkedHashMap<>();

    private FieldMeanings() {}

    /** By path, as {@code encoder.width}. */
    static Map<String, String> of(Class<?> recipe) throws IOException {
        FieldMeanings found = new FieldMeanings();
        found.add("", recipe);
        return found.meanings;
    }

    private void add(String path, Class<?> kind) throws IOException {
        Map<String, String> documented = documented(kind);
        for (RecordComponent component : kind.getRecordComponents()) {
            String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
            if (component.getType().isRecord()) {
                add(name, component.getType());
                continue;
            }
            if (component.getGenericType() instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] instanceof Class<?> element
                    && element.isRecord()) {
                add(name, element);
                continue;
            }
            String meaning = documented.getOrDefault(component.getName(), "");
            if (meaning.isEmpty()) {
                throw new IllegalStateException(kind + " does not say what " + component.getName() + " is");
            }
            meanings.put(name, meaning + values(component.getType()));
        }
    }

    private static String values(Class<?> type) {
        return type.isEnum()
                ? ": "
                        + Arrays.stream(type.getEnumConstants())
                                .map(value -> "`" + value + "`")
                                .collect(Collectors.joining(", "))
                : "";
    }

    /** The {@code @param} tags of a record's Javadoc. */
    private static Map<String, String> documented(Class<?> kind) throws IOException {
        Class<?> outer = kind.getNestHost();
        String source = Files.readString(SOURCES.resolve(outer.getName().replace('.', '/') + ".java"));
        String before = source.substring(0, source.indexOf("record " + kind.getSimpleName() + "("));
        String javadoc = before.substring(before.lastIndexOf("/**"), before.lastIndexOf("*/"));
        String text = javadoc.replaceAll("\\s*\\n\\s*\\*/?\\s?", "\n");
        Map<String, String> tags = new LinkedHashMap<>();
        Matcher tag = Pattern.compile("@param (\\w+)\\s+(.*?)(?=\\n@|\\z)", Pattern.DOTALL)
                .matcher(text);
        while (tag.find()) {
            String plain = tag.group(2).replaceAll("\\s+", " ").strip();
            tags.put(
                    tag.group(1),
                    LINK.matcher(plain).replaceAll("`$1`").replace('#', '.').replace("|", "\\|"));
        }
        return tags;
    }
}
