package dev.tutelage.integration.clock;

import dev.tutelage.integration.failpoint.AgentJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** The wall clock of some processes, as the test wants it. */
public record ShiftedClock(Path directory) {

    /** Writes the agent into an existing directory. */
    public static ShiftedClock in(Path directory) throws IOException {
        ShiftedClock clock = new ShiftedClock(directory);
        new AgentJar(ClockAgent.class).write(clock.agent());
        return clock;
    }

    /** What a process needs in its environment to have this clock. */
    public Map<String, String> environment() {
        return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + agent() + "=" + shift());
    }

    /** From now on the processes are so much ahead of the time. */
    public void shiftBy(Duration ahead) throws IOException {
        Path written = Files.writeString(directory.resolve("shift.partial"), Long.toString(ahead.toMillis()));
        Files.move(written, shift(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path agent() {
        return directory.resolve("clock.jar");
    }

    private Path shift() {
        return directory.resolve("shift");
    }
}
