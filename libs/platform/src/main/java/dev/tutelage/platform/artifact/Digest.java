package dev.tutelage.platform.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of some bytes, which is also their name in the artifact store.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "'" + hex + "' is no SHA-256 digest: 64 lower-case hexadecimal digits were expected");
        }
    }

    /** A new SHA-256 computation. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The digest of a computation that has been fed all its bytes. */
    public static Digest of(MessageDigest computation) {
        return new Digest(HexFormat.of().formatHex(computation.digest()));
    }

    /** The digest of a file, read as a stream. */
    public static Digest of(Path file) throws IOException {
        MessageDigest computation = sha256();
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), computation)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return of(computation);
    }

    /** The digest of bytes at hand. */
    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    @Override
    public String toString() {
        return hex;
    }
}
