package dev.tutelage.cli.backup;

import dev.tutelage.platform.artifact.Digest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of a backup's objects, a line each: SHA-256, size in bytes, name in the store. */
final class ObjectList {
    static final String FILE = "objects.txt";

    private static final Pattern LINE = Pattern.compile("(?<digest>[0-9a-f]{64}) (?<size>\\d{1,18}) (?<name>\\S.*)");

    private ObjectList() {}

    /** An object of a backup. */
    record Entry(Digest digest, long size, String name) {

        private static Optional<Entry> parse(String line) {
            Matcher matcher = LINE.matcher(line);
            return matcher.matches()
                    ? Optional.of(new Entry(
                            new Digest(matcher.group("digest")),
                            Long.parseLong(matcher.group("size")),
                            matcher.group("name")))
                    : Optional.empty();
        }

        boolean isArtifact() {
            return name.startsWith("sha256/");
        }
    }

    /** Takes what an object list holds, one after the other. */
    interface Taker {
        void take(Entry entry) throws IOException, BackupException;
    }

    static void read(Path file, Taker taker) throws IOException, BackupException {
        try (var lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                taker.take(Entry.parse(line)
                        .orElseThrow(() ->
                                new BackupException(file + " holds a line that names no object. Take another backup")));
            }
        }
    }

    /** Writes a list. */
    static final class Writer implements AutoCloseable {
        private final Path file;
        private final BufferedWriter lines;
        private long objects;
        private long bytes;

        Writer(Path directory) throws IOException {
            this.file = directory.resolve(FILE);
            this.lines = Files.newBufferedWriter(file);
        }

        void add(Entry entry) throws IOException {
            lines.write(entry.digest().hex() + " " + entry.size() + " " + entry.name() + "\n");
            objects++;
            bytes += entry.size();
        }

        /** Ends the list. */
        BackupManifest.ObjectList end() throws IOException {
            lines.close();
            return new BackupManifest.ObjectList(
                    FILE, objects, bytes, Digest.of(file).hex());
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
