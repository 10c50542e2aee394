package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.SourceFile;
import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.SourceLabel;
import dev.tutelage.learning.data.TarStreamSource;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * A file, or a folder of images and tars at any depth. An image has the first folder on its way as its class; images of
 * tars have what the tar says. The order is shuffled within what is found at a time, for folders are sorted by class, and a
 * shard of one class is of little use.
 *
 * <p>Listing takes no memory for the number of files: what is found waits on disk.
 */
final class FileTree implements CandidateSource, Closeable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /** Looking through a folder takes at most one part in so many of the time. */
    private static final int SHARE = 10;

    /**
     * How a folder is watched.
     *
     * @param settled how long a file has to stay as it is before it is taken: a file that is still written to grows
     */
    record Following(Duration settled) {}

    private final Path place;
    private final Path root;
    private final Journal journal;
    private final Optional<Following> following;
    private final Arrivals arrivals;
    private final StopSignal stop;

    /**
     * @param place a file or a folder
     * @param seed of the order
     * @param following whether the folder is watched until the ingest is stopped, rather than read once
     */
    FileTree(Path place, long seed, Optional<Following> following, Journal journal, StopSignal stop)
            throws IOException {
        this.place = place;
        this.root = Files.isDirectory(place) ? place : place.getParent();
        this.journal = journal;
        this.following = following;
        this.arrivals = new Arrivals(journal.directory(), seed);
        this.stop = stop;
    }

    @Override
    public void forEach(Sink sink) throws IOException, InterruptedException {
        boolean first = true;
        do {
            long start = System.nanoTime();
            look(sink, first);
            first = false;
            Duration look = Duration.ofNanos(System.nanoTime() - start);
            take(sink);
            if (following.isPresent()) {
                Duration rest = look.multipliedBy(SHARE);
                stop.pause(rest.compareTo(BETWEEN_LOOKS) > 0 ? rest : BETWEEN_LOOKS);
            }
        } while (following.isPresent() && !stop.isRaised());
    }

    private void look(Sink sink, boolean first) throws IOException, InterruptedException {
        Visitor visitor = new Visitor(sink, first);
        Files.walkFileTree(place, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped while " + place + " was looked through");
        }
    }

    /** Notes what is neither in already nor under way. */
    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Sink sink;
        private final boolean first;

        Visitor(Sink sink, boolean first) {
            this.sink = sink;
            this.first = first;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile() && (SourceFile.isImage(file) || isTar(file))) {
                String path = path(file);
                FileStamp stamp = FileStamp.of(attributes);
                if (!journal.holdsFile(path, stamp)) {
                    arrivals.found(path, stamp, System.nanoTime());
                } else if (first && !isTar(file)) {
                    tell(new Outcome.AlreadyIn(List.of()));
                }
            }
            return stop.isRaised() || Thread.currentThread().isInterrupted()
                    ? FileVisitResult.TERMINATE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (file.equals(place)) {
                throw failure;
            }
            // In a watched folder, what was there a moment ago may be gone; what stays unreadable was told at first.
            if (first) {
                tell(new Outcome.Unusable(
                        new Rejection(Rejection.Kind.UNREADABLE, path(file), "cannot be read: " + failure)));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
            return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
        }

        private void tell(Outcome outcome) {
            try {
                sink.outcome(outcome);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void take(Sink sink) throws IOException, InterruptedException {
        long settled = System.nanoTime()
                - following.map(Following::settled).orElse(Duration.ZERO).toNanos();
        Arrivals.Taker taker = arrivals.settledBy(settled);
        for (Optional<Arrivals.Arrival> next = taker.next();
                next.isPresent() && !stop.isRaised();
                next = taker.next()) {
            take(next.get(), sink);
        }
    }

    private void take(Arrivals.Arrival arrival, Sink sink) throws IOException, InterruptedException {
        Path file = root.resolve(arrival.path());
        Origin.OfFile origin = new Origin.OfFile(file, arrival.path(), arrival.stamp());
        if (!origin.isUnchanged()) {
            sink.outcome(new Outcome.Unsettled(arrival.path()));
        } else if (isTar(file)) {
            readTar(origin, sink);
        } else {
            sink.candidate(new Candidate(image(origin), origin, arrival.stamp().size()));
        }
    }

    private void readTar(Origin.OfFile origin, Sink sink) throws IOException, InterruptedException {
        sink.outcome(new Outcome.ContainerOpened());
        String prefix = origin.file().equals(place) ? "" : SourceFile.key(Path.of(origin.path())) + "/";
        try (InputStream in = new BufferedInputStream(Files.newInputStream(origin.file()), 1 << 16)) {
            new SampleSource(new TarStreamSource(in, origin.path(), prefix), origin.path(), origin.path())
                    .forEach(sink);
        } catch (IOException e) {
            sink.outcome(new Outcome.Unusable(
                    new Rejection(Rejection.Kind.UNREADABLE, origin.path(), "cannot be read: " + e)));
            return;
        }
        if (origin.isUnchanged()) {
            sink.outcome(new Outcome.ContainerRead(Entry.ofFile(origin.path(), origin.stamp(), "")));
        } else {
            sink.outcome(new Outcome.Unsettled(origin.path()));
        }
    }

    private SourceImage image(Origin.OfFile origin) {
        Path relative = Path.of(origin.path());
        Optional<SourceLabel> label = relative.getNameCount() > 1
                ? Optional.of(new SourceLabel.Name(relative.getName(0).toString()))
                : Optional.empty();
        return new SourceImage(SourceFile.key(relative), () -> SourceFile.read(origin.file()), label);
    }

    private String path(Path file) {
        return root.relativize(file).toString();
    }

    private static boolean isTar(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".tar") && !name.startsWith(".");
    }

    @Override
    public void close() throws IOException {
        arrivals.close();
    }
}
