package dev.tutelage.control.task;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** How a task may be written down: the same fields either way. */
public final class TaskFormat {
    public static final TaskFormat YAML = new TaskFormat("YAML", strict(YAMLMapper.builder()));
    public static final TaskFormat JSON = new TaskFormat("JSON", strict(JsonMapper.builder()));

    private final String name;
    private final ObjectMapper strict;
    private final ObjectMapper namesOnly;

    private TaskFormat(String name, ObjectMapper strict) {
        this.name = name;
        this.strict = strict;
        this.namesOnly = lenient(strict);
    }

    private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> M strict(MapperBuilder<M, B> builder) {
        return builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .addModule(new Jdk8Module())
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
    }

    private static ObjectMapper lenient(ObjectMapper strict) {
        ObjectMapper mapper = strict.copy();
        mapper.disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
        mapper.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
            private static final long serialVersionUID = 1L;

            @Override
            public Boolean hasRequiredMarker(AnnotatedMember member) {
                return false;
            }
        });
        return mapper;
    }

    ObjectMapper strict() {
        return strict;
    }

    /** Finds unknown fields, and misses none. */
    ObjectMapper namesOnly() {
        return namesOnly;
    }

    @Override
    public String toString() {
        return name;
    }
}
