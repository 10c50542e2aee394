package dev.tutelage.cli.machine;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What one machine is to run.
 *
 * @param home directory of the build, where the services' jars are
 * @param state directory for everything that is kept
 * @param services names of the services
 * @param kafkaPort the broker's port, if it must be a certain one
 * @param storePort the store's port, if it must be a certain one
 * @param allocator of the services
 * @param classPath of the broker and the store
 */
public record MachineOptions(
        Path home,
        Path state,
        List<String> services,
        OptionalInt kafkaPort,
        OptionalInt storePort,
        Allocator allocator,
        String classPath) {
    /** The four services. */
    public static final List<String> ALL_SERVICES = List.of("pretrainer", "fine-tuner", "labeler", "student-trainer");

    public MachineOptions {
        services = List.copyOf(services);
    }

    /** The same with these services. */
    public MachineOptions withServices(List<String> wanted) {
        return new MachineOptions(home, state, wanted, kafkaPort, storePort, allocator, classPath);
    }

    /** Everything that a build made, with ports that are chosen. */
    public static MachineOptions everything(Path home, Path state) {
        Path target = home.toAbsolutePath().normalize().resolve("services/cli/target");
        return new MachineOptions(
                home,
                state,
                ALL_SERVICES,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Allocator.AUTO,
                target.resolve("classes") + File.pathSeparator + target.resolve("lib") + File.separator + "*");
    }
}
