package dev.tutelage.learning.program;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a study has measured, as lines of a file that outlives it. */
final class StudyCells {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final Map<String, Map<String, Double>> done = new LinkedHashMap<>();

    private record Line(String cell, Map<String, Double> metrics) {}

    StudyCells(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String text : Files.readAllLines(file)) {
                Line line = JSON.readValue(text, new TypeReference<>() {});
                done.put(line.cell(), line.metrics());
            }
        }
    }

    boolean isOpen(String cell) {
        return !done.containsKey(cell);
    }

    /** Writes a cell down and prints it, unless it is there already. */
    void put(String cell, Map<String, Double> metrics) throws IOException {
        if (!isOpen(cell)) {
            return;
        }
        done.put(cell, metrics);
        String line = JSON.writeValueAsString(new Line(cell, new TreeMap<>(metrics)));
        Files.writeString(
                file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println(line);
    }
}
