package dev.tutelage.cli.machine;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param environments by process, variables that it gets beside those that all get
 * @param copies processes of each service, at least 1; the second of the labeler is {@code labeler-2}
 * @param gatewayPort the gateway's port, if it must be a certain one
 * @param disturbable whether services reach broker and store by ways that can be disturbed ({@link Machine#network})
 */
public record MachineOptions(
        Path home,
        Path state,
        List<String> services,
        OptionalInt kafkaPort,
        OptionalInt storePort,
        Allocator allocator,
        String classPath,
        Map<String, Map<String, String>> environments,
        int copies,
        OptionalInt gatewayPort,
        boolean disturbable) {
    /** The four services. */
    public static final List<String> ALL_SERVICES = List.of("pretrainer", "fine-tuner", "labeler", "student-trainer");

    /** The service that people and their programs ask. */
    public static final String GATEWAY = "gateway";

    public MachineOptions {
        services = List.copyOf(services);
        environments = Map.copyOf(environments);
    }

    /** Services that get no variables of their own. */
    public MachineOptions(
            Path home,
            Path state,
            List<String> services,
            OptionalInt kafkaPort,
            OptionalInt storePort,
            Allocator allocator,
            String classPath) {
        this(
                home,
                state,
                services,
                kafkaPort,
                storePort,
                allocator,
                classPath,
                Map.of(),
                1,
                OptionalInt.empty(),
                false);
    }

    /** The same with these services alone. */
    public MachineOptions withServices(List<String> some) {
        return new MachineOptions(
                home,
                state,
                some,
                kafkaPort,
                storePort,
                allocator,
                classPath,
                environments,
                copies,
                gatewayPort,
                disturbable);
    }

    /** The same with the gateway beside its services. */
    public MachineOptions withGateway() {
        List<String> more = new ArrayList<>(services);
        more.add(GATEWAY);
        return withServices(more);
    }

    /** The same with the gateway at that port beside its services. */
    public MachineOptions withGateway(OptionalInt port) {
        MachineOptions with = withGateway();
        return new MachineOptions(
                home,
                state,
                with.services(),
                kafkaPort,
                storePort,
                allocator,
                classPath,
                environments,
                copies,
                port,
                disturbable);
    }

    /** The same with so many processes of each service. */
    public MachineOptions withCopies(int number) {
        return new MachineOptions(
                home,
                state,
                services,
                kafkaPort,
                storePort,
                allocator,
                classPath,
                environments,
                number,
                gatewayPort,
                disturbable);
    }

    /** The same with ways to broker and store that can be disturbed. */
    public MachineOptions withDisturbableNetwork() {
        return new MachineOptions(
                home,
                state,
                services,
                kafkaPort,
                storePort,
                allocator,
                classPath,
                environments,
                copies,
                gatewayPort,
                true);
    }

    /** The same, and one process gets these variables too. */
    public MachineOptions withEnvironment(String process, Map<String, String> variables) {
        Map<String, Map<String, String>> more = new HashMap<>(environments);
        Map<String, String> all = new HashMap<>(environment(process));
        all.putAll(variables);
        more.put(process, Map.copyOf(all));
        return new MachineOptions(
                home,
                state,
                services,
                kafkaPort,
                storePort,
                allocator,
                classPath,
                more,
                copies,
                gatewayPort,
                disturbable);
    }

    /** Variables that a process gets beside those that all get. */
    Map<String, String> environment(String process) {
        return environments.getOrDefault(process, Map.of());
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
