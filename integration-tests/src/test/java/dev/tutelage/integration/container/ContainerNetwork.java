package dev.tutelage.integration.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network of hosts of one machine: each has a network namespace, an address, and a name that the others know. */
final class ContainerNetwork implements AutoCloseable {
    private final String prefix = "tl" + ProcessHandle.current().pid() % 100_000;
    private final String subnet = "10.77." + (1 + ProcessHandle.current().pid() % 250) + ".";
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Path hosts;

    /** @param directory where the file of names is kept */
    ContainerNetwork(Path directory, List<String> names) throws IOException {
        this.hosts = directory.resolve("hosts");
        run("ip", "link", "add", prefix, "type", "bridge");
        run("ip", "address", "add", subnet + "1/24", "dev", prefix);
        run("ip", "link", "set", prefix, "up");
        StringBuilder file = new StringBuilder("127.0.0.1 localhost\n");
        for (String name : names) {
            String address = subnet + (addresses.size() + 2);
            addresses.put(name, address);
            file.append(address).append(' ').append(name).append('\n');
            addHost(name, address);
        }
        Files.writeString(hosts, file);
    }

    private void addHost(String name, String address) throws IOException {
        String space = namespace(name);
        String link = prefix + "-" + addresses.size();
        run("ip", "netns", "add", space);
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", space);
        run("ip", "link", "set", link, "master", prefix, "up");
        run("ip", "-n", space, "address", "add", address + "/24", "dev", "eth0");
        run("ip", "-n", space, "link", "set", "eth0", "up");
        run("ip", "-n", space, "link", "set", "lo", "up");
    }

    String namespace(String host) {
        return prefix + "-" + host;
    }

    String address(String host) {
        return addresses.get(host);
    }

    /** What stands for /etc/hosts on each. */
    Path hosts() {
        return hosts;
    }

    /** Runs a command on a host, and waits for it. */
    int runOn(String host, List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(on(host, command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** The command that runs another on a host. */
    List<String> on(String host, List<String> command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
        words.addAll(command);
        return words;
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    @Override
    public void close() throws IOException {
        for (String host : addresses.keySet()) {
            run("ip", "netns", "delete", namespace(host));
        }
        run("ip", "link", "delete", prefix);
    }
}
