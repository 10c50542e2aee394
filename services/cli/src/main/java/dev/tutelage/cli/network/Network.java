package dev.tutelage.cli.network;

import java.util.Map;
import java.util.Optional;

/**
 * What lies between the services of a machine and its broker and store, where it is to be disturbed: to the broker each
 * process has a way of its own, to the store all have one.
 *
 * @param ways by the process's name
 * @param store of all processes
 */
public record Network(Map<String, TcpProxy> ways, StoreProxy store) implements AutoCloseable {

    public Network {
        ways = Map.copyOf(ways);
    }

    /**
     * The way from a process to the broker.
     *
     * @throws IllegalArgumentException if there is no such process
     */
    public TcpProxy way(String process) {
        return Optional.ofNullable(ways.get(process))
                .orElseThrow(() -> new IllegalArgumentException(
                        "No process " + process + " has a way to the broker; there are " + ways.keySet()));
    }

    /** From now on all is well. */
    public void clear() {
        ways.values().forEach(way -> way.set(Weather.FAIR));
        store.set(StoreProxy.Mood.GOOD);
    }

    @Override
    public void close() {
        ways.values().forEach(TcpProxy::close);
        store.close();
    }
}
