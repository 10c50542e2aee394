package dev.tutelage.cli.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a program of the learning library in a process like a service's: same libraries, same allocator, same threads. */
public final class TrainingProcess {

    private static final int TOLD_LINES = 50;

    private final Path libraries;
    private final Allocator allocator;

    public TrainingProcess(Path home, Allocator allocator) {
        this.libraries = home.resolve("services/pretrainer/target/quarkus-app/lib/main");
        this.allocator = allocator;
    }

    /**
     * Runs it to its end.
     *
     * @return the last line that it printed
     * @throws IOException if it cannot be started or fails; the message has what it said
     */
    public String run(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
        return run(program, arguments, Map.of(), line -> {});
    }

    /**
     * Runs it to its end.
     *
     * @param environment variables beside those that services get
     * @param listener is told each line that it prints, at once
     * @return the last line that it printed
     * @throws IOException if it cannot be started or fails; the message has what it said last
     */
    public String run(
            Class<?> program, List<String> arguments, Map<String, String> environment, Consumer<String> listener)
            throws IOException, InterruptedException {
        if (Files.notExists(libraries)) {
            throw new IOException("The pretrainer is not built: there is no " + libraries
                    + ". Run ./tutelage, which builds what is missing");
        }
        List<String> command = new ArrayList<>(new JavaCommand(ServiceProcess.HEAP)
                .properties(Map.of("ai.djl.offline", "true"))
                .main(libraries + "/*", program, arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(ServiceProcess.environment(allocator));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            Deque<String> said = new ArrayDeque<>();
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                listener.accept(line);
                said.addLast(line);
                if (said.size() > TOLD_LINES) {
                    said.removeFirst();
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        program.getSimpleName() + " ended with status " + status + ":\n" + String.join("\n", said));
            }
            return said.isEmpty() ? "" : said.getLast();
        } finally {
            process.destroyForcibly();
        }
    }
}
