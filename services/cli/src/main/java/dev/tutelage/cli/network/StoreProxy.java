package dev.tutelage.cli.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Relays HTTP requests to a store on this machine, and does ill to a share of them. */
public final class StoreProxy implements AutoCloseable {
    private static final int BACKLOG = 50;

    /** What is done to a request. */
    public enum Mischief {
        /** It is answered with 500, and the store never sees it. */
        INTERNAL_ERROR,
        /** It is answered with 503, and the store never sees it. */
        UNAVAILABLE,
        /** It is passed on late. */
        SLOW,
        /** The answer breaks off in the middle of its body; the answer to a write is lost. */
        TRUNCATED
    }

    /**
     * What is done to which share of the requests.
     *
     * @param share 0 to 1
     * @param delay of {@link Mischief#SLOW}
     */
    public record Mood(Mischief mischief, double share, Duration delay) {
        public static final Mood GOOD = new Mood(Mischief.SLOW, 0, Duration.ZERO);
    }

    private final int target;
    private final ServerSocket server;
    private final Random dice;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "store-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private Mood mood = Mood.GOOD;
    private long harmed;

    /**
     * Listens from now on.
     *
     * @param port to listen at; 0 for any that is free
     * @param target port of the store
     * @param seed of which requests it harms
     */
    public StoreProxy(int port, int target, long seed) throws IOException {
        this.target = target;
        this.dice = new Random(seed);
        this.server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Changes what becomes of the requests that come. */
    public synchronized void set(Mood changed) {
        mood = changed;
    }

    /** Requests that something was done to so far. */
    public synchronized long harmed() {
        return harmed;
    }

    private synchronized Optional<Mood> lot() {
        if (dice.nextDouble() < mood.share()) {
            harmed++;
            return Optional.of(mood);
        }
        return Optional.empty();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket backend = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(backend);
            Connection connection = new Connection(client, backend);
            while (connection.relayOne()) {
                // One request after the other.
            }
            open.remove(backend);
        } catch (IOException ended) {
            // Either end has hung up.
        } finally {
            open.remove(client);
        }
    }

    /** A client's connection and the one to the store that serves it. */
    private final class Connection {
        private final InputStream fromClient;
        private final OutputStream toClient;
        private final InputStream fromStore;
        private final OutputStream toStore;

        Connection(Socket client, Socket backend) throws IOException {
            fromClient = new BufferedInputStream(client.getInputStream());
            toClient = new BufferedOutputStream(client.getOutputStream());
            fromStore = new BufferedInputStream(backend.getInputStream());
            toStore = new BufferedOutputStream(backend.getOutputStream());
        }

        /** Relays one request and its answer; false when the connection is at its end. */
        boolean relayOne() throws IOException {
            Optional<HttpMessage> next = HttpMessage.read(fromClient);
            if (next.isEmpty()) {
                return false;
            }
            HttpMessage request = next.get();
            Optional<Mood> harm = lot();
            Optional<String> refusal = harm.map(Mood::mischief).flatMap(StoreProxy::refusal);
            if (refusal.isPresent()) {
                refuse(request, refusal.get());
                return false;
            }
            boolean truncated =
                    harm.filter(lot -> lot.mischief() == Mischief.TRUNCATED).isPresent();
            if (!truncated) {
                harm.ifPresent(lot -> LockSupport.parkNanos(lot.delay().toNanos()));
            }
            request.writeHead(toStore);
            if (!request.expectsContinue()) {
                request.copyBody(fromClient, toStore);
            }
            toStore.flush();
            return answer(request, truncated) && !request.isLast();
        }

        private boolean answer(HttpMessage request, boolean truncated) throws IOException {
            Optional<HttpMessage> read = HttpMessage.read(fromStore);
            if (read.isPresent() && read.get().isInterim()) {
                read.get().writeHead(toClient);
                toClient.flush();
                request.copyBody(fromClient, toStore);
                toStore.flush();
                read = HttpMessage.read(fromStore);
            }
            if (read.isEmpty()) {
                return false;
            }
            HttpMessage answer = read.get();
            boolean hasBody = answer.answersWithBody(request);
            if (truncated) {
                truncate(answer, hasBody);
                return false;
            }
            answer.writeHead(toClient);
            if (hasBody) {
                answer.copyBody(fromStore, toClient);
            }
            toClient.flush();
            return !answer.isLast();
        }

        /** Half of the body; where its length is not known, or there is none, nothing at all. */
        private void truncate(HttpMessage answer, boolean hasBody) throws IOException {
            long half = hasBody ? answer.length().orElse(0L) / 2 : 0;
            if (half > 0) {
                answer.writeHead(toClient);
                HttpMessage.copy(fromStore, toClient, half);
            }
        }

        private void refuse(HttpMessage request, String status) throws IOException {
            if (!request.expectsContinue()) {
                request.copyBody(fromClient, OutputStream.nullOutputStream());
            }
            toClient.write(
                    ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            toClient.flush();
        }
    }

    private static Optional<String> refusal(Mischief mischief) {
        return switch (mischief) {
            case INTERNAL_ERROR -> Optional.of("500 Internal Server Error");
            case UNAVAILABLE -> Optional.of("503 Service Unavailable");
            case SLOW, TRUNCATED -> Optional.empty();
        };
    }

    @Override
    public void close() {
        try (server) {
            threads.shutdownNow();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The port of a proxy cannot be closed", e);
        }
    }
}
