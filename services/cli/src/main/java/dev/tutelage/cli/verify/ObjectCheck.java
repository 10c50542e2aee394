package dev.tutelage.cli.verify;

import dev.tutelage.cli.verify.Finding.Kind;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ShardIndex;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.hygiene.Link;
import dev.tutelage.learning.label.SoftLabelIndex;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the bytes that one task's soft-label facts name. Shards are fetched one after the other, and with each the
 * labels for it, so memory and disk hold one shard and one soft-label file at a time.
 */
final class ObjectCheck {
    private static final int NAMED = 3;

    private final TaskFacts facts;
    private final LogCheck log;
    private final ArtifactStore store;
    private final Path directory;

    /**
     * @param log whose tallies get the findings
     * @param directory an existing one for what is fetched
     */
    ObjectCheck(TaskFacts facts, LogCheck log, ArtifactStore store, Path directory) {
        this.facts = facts;
        this.log = log;
        this.store = store;
        this.directory = directory;
    }

    void run() throws IOException {
        Map<String, List<Said<SoftLabelsAdded>>> byShard = new LinkedHashMap<>();
        facts.labels().forEach((labeled, said) -> byShard.computeIfAbsent(labeled.shard(), none -> new ArrayList<>())
                .addAll(lookedAt(said)));
        for (Map.Entry<String, List<Said<SoftLabelsAdded>>> shard : byShard.entrySet()) {
            Optional<Said<ShardAdded>> added = facts.shard(shard.getKey());
            if (added.isPresent() && !shard.getValue().isEmpty()) {
                check(added.get(), shard.getValue());
            }
        }
    }

    /** A fact that is said twice is one file to look at; one that has expired is none. */
    private List<Said<SoftLabelsAdded>> lookedAt(List<Said<SoftLabelsAdded>> said) {
        Set<SoftLabelsAdded> seen = new LinkedHashSet<>();
        return said.stream()
                .filter(one -> !facts.isExpired(one.fact()) && seen.add(one.fact()))
                .toList();
    }

    private void check(Said<ShardAdded> added, List<Said<SoftLabelsAdded>> labels) throws IOException {
        Optional<ShardIndex> shard = index(added, labels.get(0).fact().getTeacher());
        for (Said<SoftLabelsAdded> said : labels) {
            new FileCheck(said).run(shard);
        }
    }

    private Optional<ShardIndex> index(Said<ShardAdded> added, String teacher) throws IOException {
        Artifact artifact = added.fact().getShard();
        Path file = directory.resolve("shard");
        try {
            store.fetch(artifact, file);
            try (InputStream tar = new BufferedInputStream(Files.newInputStream(file))) {
                return Optional.of(ShardIndex.read(tar));
            }
        } catch (ArtifactStoreException e) {
            String problem = bytesProblem(e);
            log.tally(teacher)
                    .find(
                            Kind.CORRUPT,
                            artifact.getDigest(),
                            List.of(objectOf(artifact), added.place().toString()),
                            "the shard's bytes, which labels are compared with: " + problem,
                            "Restore the object from a backup, or add the shard again");
            return Optional.empty();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Tells what is wrong with an object; that the store cannot answer is no finding. */
    private static String bytesProblem(ArtifactStoreException e) {
        return switch (e.kind()) {
            case NOT_FOUND, CORRUPT -> e.getMessage();
            case ACCESS_DENIED, NO_BUCKET, NO_SPACE, UNAVAILABLE -> throw e;
        };
    }

    private static String objectOf(Artifact artifact) {
        return ArtifactStore.objectName(new Digest(artifact.getDigest()));
    }

    /** Looks at the file of one fact. */
    private final class FileCheck {
        private final SoftLabelsAdded fact;
        private final List<String> where;
        private final TeacherReport.Tally tally;

        FileCheck(Said<SoftLabelsAdded> said) {
            this.fact = said.fact();
            this.where = List.of(said.place().toString(), objectOf(fact.getLogits()));
            this.tally = log.tally(fact.getTeacher());
        }

        void run(Optional<ShardIndex> shard) throws IOException {
            Optional<SoftLabelIndex> labels = read();
            if (labels.isEmpty()) {
                return;
            }
            Optional<String> problem = disagreement(labels.get());
            if (problem.isPresent()) {
                corrupt(problem.get());
            } else if (shard.isPresent()) {
                compare(shard.get(), labels.get());
            }
        }

        private Optional<SoftLabelIndex> read() throws IOException {
            Path file = directory.resolve("soft-labels");
            try {
                store.fetch(fact.getLogits(), file);
                if (Files.size(file) != fact.getLogits().getSize()) {
                    corrupt("the object has " + Files.size(file) + " bytes, the fact says "
                            + fact.getLogits().getSize());
                    return Optional.empty();
                }
                return Optional.of(SoftLabelIndex.read(file));
            } catch (ArtifactStoreException e) {
                corrupt(bytesProblem(e));
            } catch (CorruptFileException e) {
                corrupt(e.getMessage().replace(file + ": ", "the object "));
            } finally {
                Files.deleteIfExists(file);
            }
            return Optional.empty();
        }

        /** What the file says otherwise than the fact or the task; the first such thing, as others follow from it. */
        private Optional<String> disagreement(SoftLabelIndex labels) {
            List<Claim> claims = new ArrayList<>();
            claims.add(new Claim("shard", labels.shard(), fact.getShard()));
            claims.add(new Claim("teacher", labels.teacher(), fact.getTeacher()));
            facts.declaration()
                    .map(TaskDeclared::getClassesCount)
                    .ifPresent(classes -> claims.add(new Claim("number of classes", labels.classes(), classes)));
            claims.add(new Claim("number of views", labels.views(), fact.getViews()));
            claims.add(new Claim("number of images", labels.images().size(), fact.getImages()));
            claims.add(new Claim(
                    "number of images by class",
                    (long) labels.images().size(),
                    fact.getQuality().getClassCountsList().stream()
                            .mapToLong(Long::longValue)
                            .sum()));
            return claims.stream()
                    .filter(claim -> !claim.inFile().equals(claim.told()))
                    .map(claim -> "the " + claim.what() + " is " + claim.inFile() + " in the file, but " + claim.told()
                            + " in the topics")
                    .findFirst();
        }

        private void compare(ShardIndex shard, SoftLabelIndex labels) throws IOException {
            List<String> deadLinks = deadLinks(labels);
            if (!deadLinks.isEmpty()) {
                tally.find(
                        Kind.MISSING,
                        fact.getShard(),
                        where,
                        "images are linked to labels of equal ones, which are not there: " + named(deadLinks),
                        "Restore the labels that they are linked to from a backup, or have the shard labeled again");
            }
            List<RejectedItem> told =
                    facts.run(fact.getRunId()).map(LabelRun::leftOut).orElse(List.of());
            LeftOut leftOut = LeftOut.of(fact.getShard(), told, fact.getRejected() + fact.getLeaked(), labels.links());
            Coverage coverage = Coverage.of(shard, labels.images(), leftOut);
            tally.images(labels.images().size(), fact.getRejected());
            if (!coverage.foreign().isEmpty()) {
                corrupt("it labels images that the shard does not have: " + named(coverage.foreign()));
                return;
            }
            if (!coverage.inOrder()) {
                corrupt("its images are not in the shard's order");
            }
            if (!coverage.repeated().isEmpty()) {
                tally.find(
                        Kind.DUPLICATE,
                        fact.getShard(),
                        where,
                        "images are labeled more often than the shard has them: " + named(coverage.repeated()),
                        "Have the shard labeled again, and tell us: a labeler must not write this");
            }
            if (!coverage.missing().isEmpty()) {
                tally.find(
                        Kind.MISSING,
                        fact.getShard(),
                        where,
                        "images have no labels, and no dead letter says why: " + named(coverage.missing()),
                        "Have the shard labeled again, and tell us: a labeler must not write this");
            }
        }

        /** Digests of images that are linked to a shard in whose labels by this teacher they are not. */
        private List<String> deadLinks(SoftLabelIndex labels) throws IOException {
            Map<String, List<String>> byShard = labels.links().stream()
                    .collect(Collectors.groupingBy(Link::shard, Collectors.mapping(Link::image, Collectors.toList())));
            List<String> dead = new ArrayList<>();
            for (Map.Entry<String, List<String>> linked : byShard.entrySet()) {
                Set<String> there = linked.getKey().equals(fact.getShard())
                        ? Set.copyOf(labels.images())
                        : labeledIn(linked.getKey());
                linked.getValue().stream()
                        .filter(image -> !there.contains(image) && !hasExpired(linked.getKey()))
                        .forEach(dead::add);
            }
            return dead;
        }

        /** Whether this teacher's labels for a shard are gone by right, and with them what was linked to. */
        private boolean hasExpired(String shard) {
            return facts.labels().getOrDefault(new Labeled(shard, fact.getTeacher()), List.of()).stream()
                    .anyMatch(other -> facts.isExpired(other.fact()));
        }

        private Set<String> labeledIn(String shard) throws IOException {
            Set<String> images = new HashSet<>();
            for (Said<SoftLabelsAdded> other :
                    facts.labels().getOrDefault(new Labeled(shard, fact.getTeacher()), List.of())) {
                Path file = directory.resolve("linked");
                try {
                    store.fetch(other.fact().getLogits(), file);
                    images.addAll(SoftLabelIndex.read(file).images());
                } catch (ArtifactStoreException e) {
                    // What is wrong with an object is told where it is looked at itself.
                    String unused = bytesProblem(e);
                } catch (CorruptFileException e) {
                    images.clear();
                } finally {
                    Files.deleteIfExists(file);
                }
            }
            return images;
        }

        private void corrupt(String problem) {
            tally.find(
                    Kind.CORRUPT,
                    fact.getShard(),
                    where,
                    problem,
                    "Restore the object from a backup, or have the shard labeled again");
        }

        private static String named(List<String> names) {
            String some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
            return names.size() > NAMED ? some + " and " + (names.size() - NAMED) + " others" : some;
        }
    }

    private record Claim(String what, Object inFile, Object told) {}
}
