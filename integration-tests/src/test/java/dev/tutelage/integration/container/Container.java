package dev.tutelage.integration.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A service of a compose file, run from the root file system of its image. Of the base image it has what this machine has
 * instead: the system and the Java.
 */
final class Container implements AutoCloseable {
    /** What the base image, eclipse-temurin, says itself. */
    private static final Map<String, String> OF_THE_BASE = Map.of(
            "JAVA_HOME", "/opt/java/openjdk",
            "PATH", "/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    private final Process process;
    private final Path log;

    private Container(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param project where the images' layers are
     * @param directory of all containers' files
     */
    static Container start(Compose.Service service, Path project, Path directory, ContainerNetwork network)
            throws IOException {
        Containerfile image =
                Containerfile.read(project.resolve(service.dockerfile().orElseThrow()), service.arguments());
        Path root = Files.createDirectories(directory.resolve(service.name()).resolve("root"));
        RootDirectory.assemble(image, project, root);
        Path log = directory.resolve(service.name() + ".log");

        List<String> words =
                new ArrayList<>(List.of("unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "sh"));
        words.add(
                Path.of("src/test/resources/container/run.sh").toAbsolutePath().toString());
        words.addAll(List.of(
                service.name(),
                root.toString(),
                System.getProperty("java.home"),
                network.hosts().toString(),
                Boolean.toString(service.readOnly()),
                service.user().orElse(image.user()),
                image.workDirectory()));
        for (Map.Entry<String, String> volume : service.volumes().entrySet()) {
            words.add(volume(volume.getValue(), image.directories().get(volume.getKey()), directory) + "="
                    + volume.getKey());
        }
        words.add("--");
        Map<String, String> environment = new TreeMap<>(OF_THE_BASE);
        environment.putAll(image.environment());
        environment.putAll(service.environment());
        environment.forEach((key, value) -> words.add(key + "=" + value));
        words.add("--");
        words.addAll(service.entryPoint().isEmpty() ? image.entryPoint() : service.entryPoint());
        words.addAll(service.command());
        return new Container(
                new ProcessBuilder(network.on(service.name(), words))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    /** A volume; a new one belongs to whom the directory of the image belongs to at which it is mounted. */
    private static Path volume(String name, String owner, Path directory) throws IOException {
        Path volume = directory.resolve("volumes").resolve(name);
        if (Files.notExists(volume)) {
            Files.createDirectories(volume);
            if (owner != null) {
                int user = Integer.parseInt(owner.substring(0, owner.indexOf(':')));
                Files.setAttribute(volume, "unix:uid", user);
                Files.setAttribute(volume, "unix:gid", user);
            }
        }
        return volume;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    int end() throws InterruptedException {
        return process.waitFor();
    }

    /** All that it has printed. */
    String printed() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that changes its user outlives its parent, whatever that parent had asked for. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
