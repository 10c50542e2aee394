package dev.tutelage.cli.machine;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The gateway of a machine that another process runs.
 *
 * @param key with which one gets in, if there is one
 */
public record LocalGateway(URI address, Optional<String> key) {
    static final String KEY = "gateway-key";

    /**
     * That of the machine on a state directory.
     *
     * @throws MachineException if none runs there, or one without a gateway
     */
    public static LocalGateway ofRunning(Path state) throws MachineException {
        Endpoints.ofRunning(state);
        Path path = state.toAbsolutePath().normalize();
        try {
            OptionalInt port = Ports.in(path).remembered(MachineOptions.GATEWAY);
            if (port.isEmpty()) {
                throw new MachineException("The tutelage on state directory " + path + " has no gateway");
            }
            Path key = path.resolve(KEY);
            return new LocalGateway(
                    URI.create("http://127.0.0.1:" + port.getAsInt()),
                    Files.exists(key) ? Optional.of(Files.readString(key).strip()) : Optional.empty());
        } catch (IOException e) {
            throw new MachineException("State directory " + path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
