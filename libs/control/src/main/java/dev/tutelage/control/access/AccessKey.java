package dev.tutelage.control.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key that opens the gateway: {@code ttl_} and 256 random bits in base64url. The prefix lets scanners for leaked secrets
 * find it.
 *
 * <p>Only its SHA-256 is kept. That is enough, without salt and without a slow hash such as bcrypt's: those make it expensive to
 * guess what people choose as a password, and to guess 256 random bits is out of reach whatever one guess costs. A fast hash
 * keeps what each request costs small.
 */
public record AccessKey(String text) {
    private static final String PREFIX = "ttl_";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one. */
    public static AccessKey random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new AccessKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Whether a credential looks like a key, and not like a token of someone else. */
    public static boolean looksLike(String credential) {
        return credential.startsWith(PREFIX);
    }

    /** SHA-256 of the text, in hexadecimal. */
    public String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Keys are not to get into logs. */
    @Override
    public String toString() {
        return PREFIX + "...";
    }
}
