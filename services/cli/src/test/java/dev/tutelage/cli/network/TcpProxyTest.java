package dev.tutelage.cli.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that says everything back, behind networks of all weathers. */
@Timeout(30)
class TcpProxyTest {
    private static final int SHORT_MILLIS = 300;

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::serve);
        server.setDaemon(true);
        server.start();
        proxy = new TcpProxy(0, echo.getLocalPort());
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread one = new Thread(() -> echo(client));
                one.setDaemon(true);
                one.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException ended) {
            // The test is over with it.
        }
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void inFairWeatherEverythingArrives() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "hello")).isEqualTo("hello");
        }
    }

    @Test
    void aCutBreaksWhatThereIsAndRefusesWhatComesUntilItIsOver() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "hello")).isEqualTo("hello");
            proxy.set(Weather.CUT);
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> ask(client, "are you there?"));
        }
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
            try (Socket client = connect()) {
                ask(client, "hello?");
            }
        });
        proxy.set(Weather.FAIR);
        try (Socket client = connect()) {
            assertThat(ask(client, "again")).isEqualTo("again");
        }
    }

    @Test
    void whatHangsArrivesWhenItNoLongerDoes() throws IOException {
        try (Socket client = connect()) {
            proxy.set(Weather.HANGING);
            client.setSoTimeout(SHORT_MILLIS);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> ask(client, "late"));
            proxy.set(Weather.FAIR);
            client.setSoTimeout(0);
            assertThat(new String(client.getInputStream().readNBytes(4), US_ASCII))
                    .isEqualTo("late");
        }
    }

    @Test
    void aSlowNetworkTakesItsTimeInBothDirections() throws IOException {
        proxy.set(Weather.slow(Duration.ofMillis(100), 1_000_000));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            assertThat(ask(client, "hello")).isEqualTo("hello");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static String ask(Socket client, String words) throws IOException {
        client.getOutputStream().write(words.getBytes(US_ASCII));
        byte[] answer = client.getInputStream().readNBytes(words.length());
        if (answer.length < words.length()) {
            throw new SocketException("The connection was closed");
        }
        return new String(answer, US_ASCII);
    }
}
