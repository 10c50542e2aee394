package dev.tutelage.cli.machine;

import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Options of the commands that run the gateway too. */
public final class GatewayFlags {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the gateway, which the console is at. Default: the same as last time, or a free one")
    private Optional<Integer> port;

    /** The same, with the gateway. */
    public MachineOptions added(MachineOptions options) {
        return options.withGateway(port.map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }
}
