package dev.tutelage.cli.machine;

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
 */
public record MachineOptions(
        Path home,
        Path state,
        List<String> services,
        OptionalInt kafkaPort,
        OptionalInt storePort,
        Allocator allocator) {
    /** The four services. */
    public static final List<String> ALL_SERVICES = List.of("pretrainer", "fine-tuner", "labeler", "student-trainer");

    public MachineOptions {
        services = List.copyOf(services);
    }

    /** Everything, with ports that are chosen. */
    public static MachineOptions everything(Path home, Path state) {
        return new MachineOptions(home, state, ALL_SERVICES, OptionalInt.empty(), OptionalInt.empty(), Allocator.AUTO);
    }
}
