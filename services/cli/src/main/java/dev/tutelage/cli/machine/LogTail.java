package dev.tutelage.cli.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds in a process's log the one line that tells why it ended. */
final class LogTail {
    private static final int BYTES = 1 << 16;
    private static final Pattern TROUBLE = Pattern.compile("\\b(ERROR|FATAL)\\b|Exception\\b|Error\\b|No space left");
    private static final Pattern STACK_FRAME = Pattern.compile("^\\s*(at |\\.\\.\\. \\d+ (more|common)|\\|)");
    private static final String CAUSE = "Caused by: ";

    private LogTail() {}

    /**
     * The line that tells most: the innermost cause of the last stack trace, else the last line that speaks of an
     * error, else the last line.
     *
     * @param from number of bytes to leave out, as they tell of earlier lives
     */
    static Optional<String> firstCause(Path log, long from) {
        List<String> lines = lines(log, from);
        return last(lines, line -> line.startsWith(CAUSE))
                .map(line -> line.substring(CAUSE.length()))
                .or(() -> last(lines, line -> TROUBLE.matcher(line).find()))
                .or(() -> last(lines, line -> true));
    }

    private static Optional<String> last(List<String> lines, Predicate<String> wanted) {
        return lines.stream().filter(wanted).reduce((earlier, later) -> later);
    }

    private static List<String> lines(Path log, long from) {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = Math.max(from, file.length() - BYTES);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line ->
                            !line.isBlank() && !STACK_FRAME.matcher(line).find())
                    .map(String::strip)
                    .toList();
        } catch (IOException e) {
            return List.of("(the log cannot be read: " + e.getMessage() + ")");
        }
    }
}
