package dev.tutelage.integration.failpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The end of failpoints that is in the test. */
public final class Failpoints {
    private final Path directory;

    private Failpoints(Path directory) {
        this.directory = directory;
    }

    /** Writes the agent, which is nowhere but in tests, into an existing directory. */
    public static Failpoints in(Path directory) throws IOException {
        Failpoints failpoints = new Failpoints(directory);
        failpoints.writeAgent();
        return failpoints;
    }

    /** What a process needs in its environment to have failpoints. */
    public Map<String, String> environment() {
        return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + agent() + "=" + armed());
    }

    /** From now on the first process that reaches the step is killed. */
    public void arm(Step step) throws IOException {
        Files.createFile(armed().resolve(step.name()));
    }

    /** Whether no armed step is left: each has killed a process. */
    public boolean haveFired() throws IOException {
        try (Stream<Path> left = Files.list(armed())) {
            return left.findAny().isEmpty();
        }
    }

    private Path agent() {
        return directory.resolve("failpoints.jar");
    }

    private Path armed() {
        return directory.resolve("armed");
    }

    private void writeAgent() throws IOException {
        Files.createDirectory(armed());
        new AgentJar(FailpointAgent.class).write(agent());
    }
}
