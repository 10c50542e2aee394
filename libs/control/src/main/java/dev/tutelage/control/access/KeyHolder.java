package dev.tutelage.control.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.regex.Pattern;

/**
 * Who has a key: a line of a {@link KeyFile}.
 *
 * @param name for people and for audit facts: 1 to 64 letters, digits, dots, dashes and underscores
 * @param role what the key allows
 * @param digest SHA-256 of the key, 64 lower-case hexadecimal digits
 */
public record KeyHolder(String name, AccessRole role, String digest) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the name or the digest is malformed; the message is for people */
    public KeyHolder {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Name \"" + name + "\" is none: it has 1 to 64 letters, digits, dots,"
                    + " dashes and underscores, and begins with a letter or digit");
        }
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException(
                    "The third field is no SHA-256, which has 64 lower-case hexadecimal digits. tutelage keys create"
                            + " makes such lines");
        }
    }

    /** Whether a digest is this one's. How long that takes does not tell how much of it is right. */
    public boolean has(String other) {
        return MessageDigest.isEqual(digest.getBytes(US_ASCII), other.getBytes(US_ASCII));
    }

    /** The line of a file. */
    String line() {
        return name + " " + role.label() + " " + digest;
    }
}
