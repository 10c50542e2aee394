package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.InvalidKeyFileException;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.control.access.KeyHolder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has keys, as the file says, which is read again at most once a second. If it becomes wrong, what was known before goes on
 * to hold; if it is removed, nobody has a key.
 */
@ApplicationScoped
public class KnownKeys {
    private static final Logger LOG = LoggerFactory.getLogger(KnownKeys.class);
    private static final long READ_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Optional<KeyFile> file;
    private final LongSupplier nanos;
    private List<KeyHolder> holders = List.of();
    private Optional<Long> readAt = Optional.empty();
    private String wrong = "";

    @Inject
    public KnownKeys(SecuritySettings settings) {
        this(settings.keysFile().map(KeyFile::new), System::nanoTime);
    }

    KnownKeys(Optional<KeyFile> file, LongSupplier nanos) {
        this.file = file;
        this.nanos = nanos;
    }

    /** Whose key it is. */
    public Optional<KeyHolder> holder(AccessKey key) {
        return holder(key.digest());
    }

    /** Whose key has that SHA-256. All are compared, so that the time it takes tells nothing. */
    public Optional<KeyHolder> holder(String digest) {
        Optional<KeyHolder> found = Optional.empty();
        for (KeyHolder each : holders()) {
            if (each.has(digest)) {
                found = Optional.of(each);
            }
        }
        return found;
    }

    synchronized List<KeyHolder> holders() {
        long now = nanos.getAsLong();
        if (readAt.filter(then -> now - then < READ_AGAIN_NANOS).isEmpty()) {
            readAt = Optional.of(now);
            file.ifPresent(this::read);
        }
        return holders;
    }

    private void read(KeyFile keys) {
        try {
            holders = keys.holders();
            wrong = "";
        } catch (InvalidKeyFileException e) {
            if (!wrong.equals(e.getMessage())) {
                wrong = e.getMessage();
                LOG.error("{}. The keys that were known before still hold", wrong);
            }
        }
    }
}
