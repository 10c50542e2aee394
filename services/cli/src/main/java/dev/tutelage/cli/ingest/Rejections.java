package dev.tutelage.cli.ingest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What could not be used: counted, the first of each kind at hand, and all of them in a file, a line of JSON each. */
final class Rejections implements Closeable {
    private static final int FIRST = 5;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final BufferedWriter writer;
    private final Map<Rejection.Kind, Long> counts = new EnumMap<>(Rejection.Kind.class);
    private final Map<Rejection.Kind, List<Rejection>> first = new EnumMap<>(Rejection.Kind.class);

    /** Begins anew: what could not be used the last time is looked at again. */
    Rejections(Path file) throws IOException {
        this.file = file;
        this.writer = Files.newBufferedWriter(file);
    }

    void add(Rejection rejection) throws IOException {
        counts.merge(rejection.kind(), 1L, Long::sum);
        List<Rejection> told = first.computeIfAbsent(rejection.kind(), kind -> new ArrayList<>());
        if (told.size() < FIRST) {
            told.add(rejection);
        }
        writer.write(JSON.writeValueAsString(rejection));
        writer.newLine();
        // Whoever follows a source for weeks wants to see them as they come.
        writer.flush();
    }

    long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Path file() {
        return file;
    }

    /** By kind, the kinds without any left out. */
    List<IngestReport.Rejected> byKind() {
        return counts.entrySet().stream()
                .map(kind -> new IngestReport.Rejected(kind.getKey(), kind.getValue(), first.get(kind.getKey())))
                .toList();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
