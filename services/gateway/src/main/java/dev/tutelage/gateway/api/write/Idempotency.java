package dev.tutelage.gateway.api.write;

import dev.tutelage.gateway.api.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Does what has an Idempotency-Key once. It remembers the newest keys as long as the gateway runs; a write that was refused or
 * failed is not remembered, and may be tried again under its key.
 */
final class Idempotency {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final int most;
    private final Map<String, Remembered> remembered = new LinkedHashMap<>();

    /** @param answer empty while the write is under way */
    private record Remembered(String fingerprint, Optional<Answer<?>> answer) {}

    /** @param most how many keys are remembered */
    Idempotency(int most) {
        this.most = most;
    }

    /**
     * Does a write, or answers as it was answered before.
     *
     * @param fingerprint of the write: another one under the same key is refused with status 422, and the same one while it is
     *     under way with 409
     */
    <T> Answer<T> once(Optional<String> key, String fingerprint, Supplier<Answer<T>> write) {
        if (key.isEmpty()) {
            return write.get();
        }
        String name = valid(key.get());
        Optional<Answer<T>> before = begin(name, fingerprint);
        if (before.isPresent()) {
            return before.get();
        }
        Optional<Answer<?>> answer = Optional.empty();
        try {
            Answer<T> done = write.get();
            answer = Optional.of(done);
            return done;
        } finally {
            end(name, new Remembered(fingerprint, answer));
        }
    }

    private static String valid(String key) {
        if (!KEY.matcher(key).matches()) {
            throw Problems.badRequest(
                    "Bad Idempotency-Key", "Header Idempotency-Key must have 1 to 255 printable ASCII characters");
        }
        return key;
    }

    /** The same fingerprint is that of the same kind of write, so the answer is of its type. */
    @SuppressWarnings("unchecked")
    private synchronized <T> Optional<Answer<T>> begin(String key, String fingerprint) {
        Optional<Remembered> known = Optional.ofNullable(remembered.get(key));
        if (known.isEmpty()) {
            remembered.put(key, new Remembered(fingerprint, Optional.empty()));
            forgetOldest();
            return Optional.empty();
        } else if (!known.get().fingerprint().equals(fingerprint)) {
            throw Problems.unprocessable(
                    "Idempotency-Key used before",
                    "Idempotency-Key '" + key
                            + "' came with another request before. Give each request a key of its own");
        }
        return Optional.of((Answer<T>) known.get()
                .answer()
                .orElseThrow(() -> Problems.conflict(
                        "Under way",
                        "A request with Idempotency-Key '" + key + "' is under way. Ask again when it is done")));
    }

    private synchronized void end(String key, Remembered done) {
        if (done.answer().isPresent()) {
            remembered.put(key, done);
            forgetOldest();
        } else {
            remembered.remove(key);
        }
    }

    private void forgetOldest() {
        while (remembered.size() > most) {
            remembered.remove(remembered.keySet().iterator().next());
        }
    }
}
