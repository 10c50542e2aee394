package dev.tutelage.cli.machine;

import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Options of every command that runs the machine. */
public final class MachineFlags {
    @Option(names = "--kafka-port", paramLabel = "PORT", description = "Port of Kafka. Default: a free one")
    private int kafkaPort;

    @Option(names = "--s3-port", paramLabel = "PORT", description = "Port of the S3 store. Default: a free one")
    private int storePort;

    @Option(
            names = "--allocator",
            paramLabel = "NAME",
            description =
                    "Memory allocator of the services: AUTO (jemalloc if installed, else TUNED), TUNED (glibc told to"
                            + " keep memory), SYSTEM. Default: ${DEFAULT-VALUE}",
            defaultValue = "AUTO")
    private Allocator allocator;

    /** What the flags ask for, with all services. */
    public MachineOptions options(Path state) {
        return new MachineOptions(
                home(),
                state,
                MachineOptions.ALL_SERVICES,
                optional(kafkaPort),
                optional(storePort),
                allocator,
                System.getProperty("java.class.path"));
    }

    /** The directory of the build, which the launcher tells. */
    public static Path home() {
        return Path.of(System.getProperty("tutelage.home", "."));
    }

    private static OptionalInt optional(int port) {
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
