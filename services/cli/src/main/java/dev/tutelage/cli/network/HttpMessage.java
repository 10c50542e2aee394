package dev.tutelage.cli.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of an HTTP/1.1 message, and how its body ends (RFC 9112, section 6): just as much as a relay needs that passes
 * every byte on as it is.
 */
final class HttpMessage {
    private static final int LARGEST_HEAD = 1 << 16;
    private static final int PIECE = 8192;

    private final byte[] head;
    private final String text;

    private HttpMessage(byte[] head) {
        this.head = head;
        this.text = new String(head, ISO_8859_1);
    }

    /** The next head; empty if the sender has hung up before one. */
    static Optional<HttpMessage> read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 2) {
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            head.write(next);
            if (next == '\n') {
                ends++;
            } else if (next != '\r') {
                ends = 0;
            }
            if (head.size() > LARGEST_HEAD) {
                throw new IOException("The head of an HTTP message has more than " + LARGEST_HEAD + " bytes");
            }
        }
        return Optional.of(new HttpMessage(head.toByteArray()));
    }

    String method() {
        return text.substring(0, Math.max(0, text.indexOf(' ')));
    }

    private int status() {
        return Integer.parseInt(text.split(" ", 3)[1].strip().substring(0, 3));
    }

    private Optional<String> header(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return text.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .findFirst();
    }

    /** Whether the sender hangs up after this message. */
    boolean isLast() {
        return header("Connection")
                .filter(value -> value.equalsIgnoreCase("close"))
                .isPresent();
    }

    /** Whether the body waits until it is asked for. */
    boolean expectsContinue() {
        return header("Expect").isPresent();
    }

    /** Whether this answer only says that the body may come. */
    boolean isInterim() {
        return status() == 100;
    }

    /** Whether an answer to that request has a body at all. */
    boolean answersWithBody(HttpMessage request) {
        return !request.method().equals("HEAD") && status() >= 200 && status() != 204 && status() != 304;
    }

    void writeHead(OutputStream out) throws IOException {
        out.write(head);
    }

    /** Bytes of the body; empty if it tells its end itself (chunked). */
    Optional<Long> length() {
        return header("Transfer-Encoding").isPresent()
                ? Optional.empty()
                : Optional.of(header("Content-Length").map(Long::parseLong).orElse(0L));
    }

    /** Passes the body on. */
    void copyBody(InputStream in, OutputStream out) throws IOException {
        Optional<Long> length = length();
        if (length.isPresent()) {
            copy(in, out, length.get());
            return;
        }
        long chunk = copyChunkHead(in, out);
        while (chunk > 0) {
            copy(in, out, chunk);
            copyLine(in, out);
            chunk = copyChunkHead(in, out);
        }
        while (!copyLine(in, out).isEmpty()) {
            // The trailer: more header lines, up to an empty one.
        }
    }

    private static long copyChunkHead(InputStream in, OutputStream out) throws IOException {
        return Long.parseLong(copyLine(in, out).split(";", 2)[0].strip(), 16);
    }

    private static String copyLine(InputStream in, OutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = in.read();
        }
        if (next < 0) {
            throw new EOFException("An HTTP message broke off");
        }
        out.write((line + "\n").getBytes(ISO_8859_1));
        return line.toString().strip();
    }

    /** Passes so many bytes on. */
    static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] piece = new byte[PIECE];
        long left = bytes;
        while (left > 0) {
            int n = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (n < 0) {
                throw new EOFException("An HTTP message broke off");
            }
            out.write(piece, 0, n);
            left -= n;
        }
        out.flush();
    }
}
