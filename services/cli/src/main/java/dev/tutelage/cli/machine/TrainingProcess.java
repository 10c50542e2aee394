package dev.tutelage.cli.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a program of the learning library in a process like a service's: same libraries, same allocator, same threads. */
public final class TrainingProcess {

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
        if (Files.notExists(libraries)) {
            throw new IOException("The pretrainer is not built: there is no " + libraries
                    + ". Run ./tutelage, which builds what is missing");
        }
        List<String> command = new ArrayList<>(new JavaCommand(ServiceProcess.HEAP)
                .properties(Map.of("ai.djl.offline", "true"))
                .main(libraries + "/*", program, arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(ServiceProcess.environment(allocator));
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(program.getSimpleName() + " ended with status " + status + ":\n" + said);
            }
            return said.lines().reduce((a, b) -> b).orElse("");
        } finally {
            process.destroyForcibly();
        }
    }
}
