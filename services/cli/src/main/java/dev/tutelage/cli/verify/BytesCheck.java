package dev.tutelage.cli.verify;

import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at the bytes that one task's checkpoints and trainings name: a checkpoint's files are fetched, one at a time, and
 * compared with the fact and the manifest; a dataset is read, and its shards and soft labels are looked for.
 */
final class BytesCheck {
    private static final String RESTORE = "Restore the object from a backup, or have the run that made it done again";

    private final TaskRuns facts;
    private final ArtifactStore store;
    private final Path directory;
    private final TaskReport.Tally tally;
    private final Set<String> readDatasets = new HashSet<>();
    private final Map<Artifact, Boolean> stored = new HashMap<>();

    /** @param directory an existing one for what is fetched */
    BytesCheck(TaskRuns facts, ArtifactStore store, Path directory, TaskReport.Tally tally) {
        this.facts = facts;
        this.store = store;
        this.directory = directory;
        this.tally = tally;
    }

    void run() throws IOException {
        for (List<Said<CheckpointPublished>> said : facts.checkpoints().values()) {
            checkFiles(said.get(0));
        }
        for (RunLife life : facts.lives().toList()) {
            if (life.request()
                    .filter(request -> request.stage() != Stage.STAGE_LABEL)
                    .isPresent()) {
                checkDataset(life);
            }
        }
    }

    private void checkFiles(Said<CheckpointPublished> said) throws IOException {
        CheckpointPublished checkpoint = said.fact();
        Path manifest = directory.resolve(Checkpoint.MANIFEST);
        try {
            for (Artifact file : checkpoint.getFilesList()) {
                boolean isManifest = file.getDigest().equals(checkpoint.getDigest());
                fetch(file, isManifest ? manifest : directory.resolve("file"))
                        .ifPresent(problem -> corrupt(said, file, problem));
            }
            if (Files.exists(manifest)) {
                checkManifest(said);
            } else if (checkpoint.getFilesList().stream()
                    .noneMatch(file -> file.getDigest().equals(checkpoint.getDigest()))) {
                corrupt(said, "no file of it is the manifest that its digest names");
            }
        } finally {
            Files.deleteIfExists(manifest);
            Files.deleteIfExists(directory.resolve("file"));
        }
    }

    private void checkManifest(Said<CheckpointPublished> said) throws IOException {
        Set<Manifest.File> told = said.fact().getFilesList().stream()
                .filter(file -> !file.getDigest().equals(said.fact().getDigest()))
                .map(file -> new Manifest.File(file.getName(), file.getDigest(), file.getSize()))
                .collect(Collectors.toSet());
        try {
            Set<Manifest.File> listed = Set.copyOf(Checkpoint.listedFiles(directory));
            if (!listed.equals(told)) {
                corrupt(said, "its manifest lists " + names(listed) + ", the fact " + names(told));
            }
        } catch (CorruptFileException e) {
            corrupt(said, e.getMessage());
        }
    }

    private static String names(Set<Manifest.File> files) {
        return files.stream()
                .map(file -> file.name() + " (" + file.sha256() + ", " + file.size() + " bytes)")
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void corrupt(Said<CheckpointPublished> said, String problem) {
        tally.find(
                Kind.CORRUPT,
                "checkpoint " + said.fact().getDigest(),
                List.of(said.place().toString()),
                problem,
                "Look for who says checkpoints beside the services, or restore topics and objects from one backup");
    }

    private void corrupt(Said<CheckpointPublished> said, Artifact file, String problem) {
        tally.find(
                Kind.CORRUPT,
                "checkpoint " + said.fact().getDigest(),
                List.of(said.place().toString(), objectOf(file)),
                file.getName() + ": " + problem,
                RESTORE);
    }

    private void checkDataset(RunLife life) throws IOException {
        Artifact dataset = life.request().orElseThrow().dataset();
        if (!readDatasets.add(dataset.getDigest())) {
            return;
        }
        Path file = directory.resolve("dataset");
        try {
            Optional<String> problem = fetch(dataset, file);
            if (problem.isPresent()) {
                corrupt(life, dataset, problem.get());
            } else {
                checkParts(life, Dataset.ofJson(Files.readAllBytes(file)));
            }
        } catch (RunRejectedException e) {
            corrupt(life, dataset, e.getMessage());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void checkParts(RunLife life, Dataset dataset) {
        List<Dataset.Part> shards = Stream.of(dataset.shards(), dataset.heldOut(), dataset.labeled())
                .flatMap(List::stream)
                .toList();
        List<Dataset.Part> softLabels = Stream.of(dataset.softLabels(), dataset.earlierSoftLabels())
                .flatMap(List::stream)
                .toList();
        List<String> unknown = new ArrayList<>();
        shards.stream()
                .filter(shard -> !facts.hasShard(shard.digest()))
                .forEach(shard -> unknown.add("shard " + shard.digest()));
        softLabels.stream()
                .filter(labels -> !facts.hasSoftLabels(labels.digest()))
                .forEach(labels -> unknown.add("soft labels " + labels.digest()));
        if (!unknown.isEmpty()) {
            tally.find(
                    Kind.ORPHANED,
                    life.key().toString(),
                    where(life),
                    "its dataset names what was never said: " + String.join(", ", unknown),
                    "Look for who says requests beside the triggers, or restore the topics from one backup");
        }
        Stream.concat(shards.stream(), softLabels.stream())
                .distinct()
                .map(Dataset.Part::artifact)
                .filter(part -> !isStored(part) && !isToldLost(life, part))
                .forEach(part -> corrupt(life, part, "the store has no such object of that size"));
    }

    private boolean isStored(Artifact artifact) {
        return stored.computeIfAbsent(artifact, one -> {
            tally.object();
            return store.isStored(one);
        });
    }

    /** A run that could not read a shard tells of it, and so does one that failed for it. */
    private boolean isToldLost(RunLife life, Artifact shard) {
        return facts.isToldLost(life.key().run(), shard.getDigest())
                || facts.livesOf(life.key().run()).stream().anyMatch(one -> one.hasEnded(RunState.RUN_STATE_FAILED));
    }

    private void corrupt(RunLife life, Artifact object, String problem) {
        List<String> where = new ArrayList<>(where(life));
        where.add(objectOf(object));
        tally.find(Kind.CORRUPT, life.key().toString(), where, "its " + object.getName() + ": " + problem, RESTORE);
    }

    private static List<String> where(RunLife life) {
        return life.requests().stream().map(Object::toString).toList();
    }

    /** Fetches an artifact and returns what is wrong with it; that the store cannot answer is no finding. */
    private Optional<String> fetch(Artifact artifact, Path target) throws IOException {
        tally.object();
        try {
            store.fetch(artifact, target);
            long size = Files.size(target);
            return size == artifact.getSize()
                    ? Optional.empty()
                    : Optional.of("the object has " + size + " bytes, the fact says " + artifact.getSize());
        } catch (ArtifactStoreException e) {
            return switch (e.kind()) {
                case NOT_FOUND, CORRUPT -> Optional.of(e.getMessage());
                case ACCESS_DENIED, NO_BUCKET, NO_SPACE, UNAVAILABLE -> throw e;
            };
        }
    }

    private static String objectOf(Artifact artifact) {
        return ArtifactStore.objectName(new Digest(artifact.getDigest()));
    }
}
