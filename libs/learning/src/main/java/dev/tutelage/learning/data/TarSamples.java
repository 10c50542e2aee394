package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The samples of a WebDataset tar, one after the other. Entries that follow each other with the same key are one sample;
 * entries with extensions that are not read are left alone. Nothing that is in the stream makes it throw: what is wrong
 * with the tar itself ends the samples and is told by {@link #damage()}.
 */
final class TarSamples {
    private static final Set<String> IMAGE_EXTENSIONS = Set.of("png", "jpg", "jpeg", "webp");

    private final TarSource source;
    private final TarArchiveInputStream tar;
    private final ShardLimits limits;

    private int entries;
    private String where = "at the start";
    private boolean ended;
    private Optional<String> damage = Optional.empty();
    private Optional<TarSample> open = Optional.empty();
    private final Deque<TarSample> complete = new ArrayDeque<>();

    /** Reads from {@code in}, front to back; the caller closes it. */
    TarSamples(InputStream in, ShardLimits limits) {
        this.source = new TarSource(in);
        this.tar = new TarArchiveInputStream(source, StandardCharsets.UTF_8.name());
        this.limits = limits;
    }

    /**
     * The next sample, or empty at the end or the damage of the tar.
     *
     * @throws IOException if the stream itself fails
     */
    Optional<TarSample> next() throws IOException {
        while (!ended && complete.isEmpty()) {
            readOn();
        }
        if (complete.isEmpty()) {
            open.ifPresent(sample -> complete.add(sample.withCutOff(damage.isPresent())));
            open = Optional.empty();
        }
        return Optional.ofNullable(complete.poll());
    }

    /** What is wrong with the tar and where, once the samples have ended. */
    Optional<String> damage() {
        return damage;
    }

    /** That the tar costs more than its reader allows. */
    String tooLarge() {
        return "the shard is larger than this reader allows, split it; stopped " + where;
    }

    private void readOn() throws IOException {
        try {
            source.allowHeader();
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry == null) {
                ended = true;
                if (!source.endedWithMarker()) {
                    damaged("the tar's end is missing (truncated?) " + where);
                }
            } else if (entries++ == limits.entries()) {
                damaged(tooLarge());
            } else {
                readEntry(entry);
            }
        } catch (IOException | RuntimeException e) {
            source.rethrowFailure();
            damaged(e.getMessage() + " " + where);
        }
    }

    private void damaged(String what) {
        damage = Optional.of(what);
        ended = true;
    }

    private void readEntry(TarArchiveEntry entry) throws IOException {
        String shown = PrintableText.of(entry.getName());
        where = "in entry " + shown + ", whose content begins at byte " + source.offset();
        source.allowContent();
        if (entry.isSparse()) {
            damaged("sparse entries are not supported: stopped " + where);
            return;
        }
        readContent(entry);
        where = "after entry " + shown + ", at byte " + source.offset();
    }

    private void readContent(TarArchiveEntry entry) throws IOException {
        String name = entry.getName();
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        String extension = name.substring(dot + 1);
        boolean image = IMAGE_EXTENSIONS.contains(extension);
        if (!entry.isFile() || dot < 0 || !(image || extension.equals("cls"))) {
            drain();
            return;
        }
        TarSample sample = sample(name.substring(0, dot));
        open = Optional.of(sample);
        TarSample.Entry content = content(image ? limits.entryBytes() : TarSample.LONGEST_LABEL);
        open = Optional.of(image ? sample.withImage(content) : sample.withLabel(content));
    }

    /** The sample with this key if it is the one being read, else a new one, which completes that. */
    private TarSample sample(String key) {
        if (open.isPresent() && open.get().key().equals(key)) {
            return open.get();
        }
        open.ifPresent(complete::add);
        return new TarSample(key, TarSample.Entry.ABSENT, TarSample.Entry.ABSENT, false);
    }

    private TarSample.Entry content(int limit) throws IOException {
        byte[] bytes = tar.readNBytes(limit + 1);
        if (bytes.length <= limit) {
            return new TarSample.Entry(true, Optional.of(bytes));
        }
        drain();
        return new TarSample.Entry(true, Optional.empty());
    }

    private void drain() throws IOException {
        tar.transferTo(OutputStream.nullOutputStream());
    }
}
