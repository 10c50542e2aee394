package dev.tutelage.integration.failpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;

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
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", FailpointAgent.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                ByteBuddy.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(agent()), manifest)) {
            String folder = FailpointAgent.class.getPackageName().replace('.', '/');
            Path classes = Path.of(FailpointAgent.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .resolve(folder);
            try (Stream<Path> files = Files.list(classes)) {
                for (Path file : files.sorted().toList()) {
                    jar.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
                    try (InputStream bytes = Files.newInputStream(file)) {
                        bytes.transferTo(jar);
                    }
                }
            }
        }
    }
}
