package dev.tutelage.cli.network;

import dev.tutelage.cli.network.Weather.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Relays connections to a port of this machine, as well as its network's weather lets it. */
public final class TcpProxy implements AutoCloseable {
    private static final int PIECE = 8192;
    private static final int BACKLOG = 50;

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        return thread;
    });
    private Weather weather = Weather.FAIR;

    /**
     * Listens from now on.
     *
     * @param port to listen at; 0 for any that is free
     * @param target port of this machine to relay to
     */
    public TcpProxy(int port, int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Changes the weather, for the connections there are and for those that come. */
    public void set(Weather changed) {
        synchronized (this) {
            weather = changed;
            notifyAll();
        }
        if (changed.kind() == Kind.CUT) {
            open.forEach(this::reset);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                threads.execute(() -> relay(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void relay(Socket client) {
        if (now().kind() == Kind.CUT) {
            reset(client);
            return;
        }
        try {
            Socket backend = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(backend);
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
            threads.execute(() -> copy(client, backend));
            copy(backend, client);
        } catch (IOException unreachable) {
            reset(client);
        }
    }

    /** Relays one direction; when that ends, so does the other. */
    private void copy(Socket from, Socket to) {
        byte[] piece = new byte[PIECE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                LockSupport.parkNanos(awaitPassage().nanosFor(n));
                out.write(piece, 0, n);
            }
        } catch (IOException ended) {
            // Either end has hung up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized Weather awaitPassage() throws InterruptedException {
        while (weather.kind() == Kind.HANGING) {
            wait();
        }
        return weather;
    }

    private synchronized Weather now() {
        return weather;
    }

    private void reset(Socket socket) {
        open.remove(socket);
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // It is gone, as it should be.
        }
    }

    @Override
    public void close() {
        try (server) {
            threads.shutdownNow();
            open.forEach(this::reset);
        } catch (IOException e) {
            throw new UncheckedIOException("The port of a proxy cannot be closed", e);
        }
    }
}
