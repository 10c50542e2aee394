package dev.tutelage.cli.backup;

import dev.tutelage.cli.gc.Manifests;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.run.StoredOutcomes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies the objects that the records of a backup need: artifacts, outcomes, and what runs that are not at their end have left
 * so far. Records are read before: what they name was stored before they were said.
 */
final class ObjectCopy {
    private static final Pattern ARTIFACT = Pattern.compile("sha256/[0-9a-f]{2}/(?<digest>[0-9a-f]{64})");
    private static final Pattern OF_RUN =
            Pattern.compile("runs/(?<run>[^/]+)/(retries/[0-9]+/)?(outcome|ended|snapshots|attempts|excused)(/.*)?");

    private final ArtifactStore store;
    private final BackupDirectory directory;
    private final Needed needed;
    private final ObjectList.Writer list;
    /** What lay under a run's name at the last backup: an object that has its digest or its run in its name stays as it is. */
    private final Map<String, Digest> known = new HashMap<>();

    private long copied;
    private long bytes;

    ObjectCopy(ArtifactStore store, BackupDirectory directory, Needed needed, ObjectList.Writer list) {
        this.store = store;
        this.directory = directory;
        this.needed = needed;
        this.list = list;
    }

    /** Objects that were not there from an earlier backup. */
    long copied() {
        return copied;
    }

    /** Bytes of {@link #copied()}. */
    long bytes() {
        return bytes;
    }

    /** Outcomes of the last backup need not be copied again. */
    void know(Path earlierList) throws IOException, BackupException {
        ObjectList.read(earlierList, entry -> {
            if (!entry.isArtifact()) {
                known.put(entry.name(), entry.digest());
            }
        });
    }

    void run() throws IOException, BackupException {
        Manifests manifests = new Manifests(store, directory.incoming());
        for (Artifact manifest : needed.manifests()) {
            manifests.read(manifest, needed::name);
        }
        eachOf("runs/", this::copyOfRun);
        eachOf("sha256/", this::copyArtifact);
    }

    private interface Taker {
        void take(String object) throws IOException, BackupException;
    }

    /** Lists into a file first, for there may be more names than fit into memory. */
    private void eachOf(String prefix, Taker taker) throws IOException, BackupException {
        Path listing = directory.incoming().resolve("listing");
        try (PrintWriter names = new PrintWriter(listing.toFile(), StandardCharsets.UTF_8)) {
            store.forEach(prefix, object -> names.println(object.name()));
            if (names.checkError()) {
                throw new IOException(listing + " cannot be written. Free some disk space");
            }
        }
        try (BufferedReader names = Files.newBufferedReader(listing)) {
            for (String name = names.readLine(); name != null; name = names.readLine()) {
                taker.take(name);
            }
        }
        Files.delete(listing);
    }

    private void copyOfRun(String object) throws IOException, BackupException {
        Matcher name = OF_RUN.matcher(object);
        if (!name.matches()) {
            return;
        }
        boolean isOutcome = StoredOutcomes.isOutcome(object);
        if (isOutcome || needed.isOpen(name.group("run"))) {
            Optional<Digest> digest = copyNamed(object);
            if (isOutcome && digest.isPresent()) {
                noteOutcome(directory.objects().file(digest.get()));
            }
        }
    }

    /** What an outcome names will be named by facts when they are said. */
    private void noteOutcome(Path file) throws IOException {
        StoredOutcomes.parse(Files.readAllBytes(file))
                .ifPresent(facts -> facts.forEach(fact -> needed.note(fact, Instant.now())));
    }

    private Optional<Digest> copyNamed(String object) throws IOException {
        Optional<Digest> before = Optional.ofNullable(known.get(object));
        if (before.isPresent() && directory.objects().holds(before.get())) {
            add(before.get(), object);
            return before;
        }
        Path incoming = directory.incoming().resolve("object");
        try {
            Digest digest = store.fetchNamed(object, incoming);
            count(incoming);
            directory.objects().adopt(incoming, digest);
            add(digest, object);
            return Optional.of(digest);
        } catch (ArtifactStoreException e) {
            requireGone(e);
            return Optional.empty();
        }
    }

    private void copyArtifact(String object) throws IOException {
        Matcher name = ARTIFACT.matcher(object);
        if (!name.matches() || !needed.names(new Digest(name.group("digest")))) {
            return;
        }
        Digest digest = new Digest(name.group("digest"));
        if (!directory.objects().holds(digest)) {
            Path incoming = directory.incoming().resolve("object");
            try {
                store.fetch(
                        Artifact.newBuilder()
                                .setDigest(digest.hex())
                                .setName(object)
                                .build(),
                        incoming);
            } catch (ArtifactStoreException e) {
                requireGone(e);
                return;
            }
            count(incoming);
            directory.objects().adopt(incoming, digest);
        }
        needed.found(digest);
        add(digest, object);
    }

    private void count(Path file) throws IOException {
        copied++;
        bytes += Files.size(file);
    }

    private void add(Digest digest, String object) throws IOException {
        list.add(new ObjectList.Entry(digest, Files.size(directory.objects().file(digest)), object));
    }

    /** Workers and housekeeping remove objects while others are copied; whatever else is wrong ends the backup. */
    private static void requireGone(ArtifactStoreException e) {
        if (e.kind() != ArtifactStoreException.Kind.NOT_FOUND) {
            throw e;
        }
    }
}
