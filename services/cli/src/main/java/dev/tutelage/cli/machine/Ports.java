package dev.tutelage.cli.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses the ports of the processes: the same as last time where they are free, otherwise any that are. */
final class Ports {
    /** Below the range from which systems take the ports of clients, so that none has ours while a child restarts. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int HIGHEST = 65_535;
    private static final int ATTEMPTS = 200;

    private final Path file;
    private final Properties chosen = new Properties();

    private Ports(Path file) {
        this.file = file;
    }

    static Ports of(StateDirectory state) throws IOException {
        return in(state.path());
    }

    /** Those of the state directory at a path, which another process may be using. */
    static Ports in(Path state) throws IOException {
        Ports ports = new Ports(state.resolve("ports.properties"));
        if (Files.exists(ports.file)) {
            try (var reader = Files.newBufferedReader(ports.file)) {
                ports.chosen.load(reader);
            }
        }
        return ports;
    }

    /**
     * A free port for a purpose.
     *
     * @param wanted the port that it must be, if the user said so
     * @throws MachineException if that port is taken, or none
     */
    int choose(String purpose, OptionalInt wanted) throws IOException, MachineException {
        if (wanted.isPresent()) {
            if (wanted.getAsInt() < 1 || wanted.getAsInt() > HIGHEST) {
                throw new MachineException("There is no port " + wanted.getAsInt() + " for " + purpose
                        + ". Name one from 1 to " + HIGHEST + ", or leave it out and let one be chosen");
            }
            if (!isFree(wanted.getAsInt())) {
                throw new MachineException("Port " + wanted.getAsInt() + " for " + purpose
                        + " is taken by another process. Stop that one, or leave the port out and let one be chosen");
            }
            return remember(purpose, wanted.getAsInt());
        }
        OptionalInt last = remembered(purpose);
        if (last.isPresent() && isFree(last.getAsInt())) {
            return last.getAsInt();
        }
        return remember(purpose, anyFree());
    }

    private int anyFree() throws IOException {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, FIRST, LAST)
                .filter(port -> !chosen.containsValue(Integer.toString(port)))
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow(() -> new IOException("no port between " + FIRST + " and " + LAST + " is free"));
    }

    private int remember(String purpose, int port) throws IOException {
        chosen.setProperty(purpose, Integer.toString(port));
        try (var writer = Files.newBufferedWriter(file)) {
            chosen.store(writer, "Ports of the processes; chosen again where taken");
        }
        return port;
    }

    /** The port that was chosen last for a purpose. */
    OptionalInt remembered(String purpose) {
        try {
            return OptionalInt.of(Integer.parseInt(chosen.getProperty(purpose, "")));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
