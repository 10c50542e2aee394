package dev.tutelage.control.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do at the gateway. Each role includes those before it. */
public enum AccessRole {
    /** Sees everything but who did what, and asks the student what images show. */
    VIEWER,
    /** Labels images. */
    ANNOTATOR,
    /** Brings images, and decides about runs, models and dead letters. */
    OPERATOR,
    /** Declares tasks, and sees who did what. */
    ADMIN;

    /** Whether who has this role may do what the other one is needed for. */
    public boolean includes(AccessRole needed) {
        return compareTo(needed) >= 0;
    }

    /** The name in files, tokens and messages: {@code viewer}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with that name, whatever its case. */
    public static Optional<AccessRole> named(String text) {
        return Arrays.stream(values())
                .filter(role -> role.name().equalsIgnoreCase(text))
                .findFirst();
    }
}
