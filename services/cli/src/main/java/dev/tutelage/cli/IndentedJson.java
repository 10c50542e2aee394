package dev.tutelage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** What commands print for programs, so that people can read it too. */
public final class IndentedJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private IndentedJson() {}

    public static String of(Object value) throws JsonProcessingException {
        return JSON.writeValueAsString(value);
    }
}
