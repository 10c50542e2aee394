package dev.tutelage.integration.container;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** What is here in the place of an image that others make: the same broker, as a jar, and another S3 service. */
final class StandIn implements AutoCloseable {
    private static final String AS_HOST =
            "echo \"$1\" >/proc/sys/kernel/hostname && shift && mount --make-rprivate / && mount --bind \"$0\" /etc/hosts && exec \"$@\"";

    private final Process process;
    private final Path log;

    private StandIn(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Kafka, with the settings that the image apache/kafka makes of the service's environment. */
    static StandIn kafka(Compose.Service service, Path directory, ContainerNetwork network) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        service.environment()
                .forEach((name, value) -> settings.put(
                        name.substring("KAFKA_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value));
        settings.put("log.dirs", directory.resolve("volumes/kafka").toString());
        Path properties = write(directory.resolve("kafka.properties"), settings);
        String[] format = {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", properties.toString()};
        if (StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                != 0) {
            throw new IOException("Kafka's directory cannot be formatted as " + properties + " says");
        }
        return start(service.name(), List.of("kafka.Kafka", properties.toString()), directory, network);
    }

    /** S3Proxy, with MinIO's user and password. */
    static StandIn store(Compose.Service service, Path directory, ContainerNetwork network) throws IOException {
        Path files = Files.createDirectories(directory.resolve("volumes/minio"));
        Map<String, String> settings = Map.of(
                "s3proxy.endpoint", "http://0.0.0.0:9000",
                "s3proxy.authorization", "aws-v2-or-v4",
                "s3proxy.identity", service.environment().get("MINIO_ROOT_USER"),
                "s3proxy.credential", service.environment().get("MINIO_ROOT_PASSWORD"),
                "jclouds.provider", "filesystem-nio2",
                "jclouds.identity", "local",
                "jclouds.credential", "local",
                "jclouds.filesystem.basedir", files.toString());
        Path properties = write(directory.resolve("store.properties"), settings);
        return start(
                service.name(),
                List.of("org.gaul.s3proxy.Main", "--properties", properties.toString()),
                directory,
                network);
    }

    private static Path write(Path file, Map<String, String> settings) throws IOException {
        return Files.writeString(
                file,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining("\n")));
    }

    private static StandIn start(String host, List<String> main, Path directory, ContainerNetwork network)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "--uts", "sh", "-c", AS_HOST));
        words.add(network.hosts().toString());
        words.add(host);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                Path.of("../services/cli/target/lib").toAbsolutePath().normalize() + "/*"));
        words.addAll(main);
        Path log = directory.resolve(host + ".log");
        return new StandIn(
                new ProcessBuilder(network.on(host, words))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has printed. */
    String printed() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
