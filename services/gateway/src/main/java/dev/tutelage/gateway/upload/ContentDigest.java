package dev.tutelage.gateway.upload;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest of what a request asks for, by which a repetition is told from something else. It is not that of the body: a form
 * has another boundary each time it is sent.
 */
final class ContentDigest {
    private final MessageDigest digest;

    ContentDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds a text, with its length, so that no two sequences of texts are one. */
    void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    /** In hexadecimal. Nothing can be added after that. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
