package dev.tutelage.gateway.queue;

import dev.tutelage.control.softlabel.SoftLabelFile;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.api.ApiSettings;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.queue.Outcome.Kind;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.gateway.upload.HandLabels;
import dev.tutelage.gateway.upload.HandLabels.HandLabel;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Takes answers: finds the images that they are about, and gives them their labels, each once. */
@ApplicationScoped
class AnswerDesk {
    private final Known known;
    private final LabelQueue queue;
    private final Originals originals;
    private final StoredFiles files;
    private final HandLabels labels;
    private final Skips skips;
    private final Duration patience;
    private final Duration readBack;

    AnswerDesk(
            Known known,
            LabelQueue queue,
            Originals originals,
            StoredFiles files,
            HandLabels labels,
            Skips skips,
            QueueSettings settings,
            ApiSettings api) {
        this.known = known;
        this.queue = queue;
        this.originals = originals;
        this.files = files;
        this.labels = labels;
        this.skips = skips;
        this.patience = settings.patience();
        this.readBack = api.readBack();
    }

    /**
     * The shard of the image of each answer that gives a label to an image that has none yet; empty where the image is none of
     * those that wait for one. Answers without an entry need none.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 503 if that cannot be said now
     */
    Map<String, Optional<Artifact>> locate(TaskDeclared task, List<Answer> answers) {
        Map<String, Optional<Artifact>> found = new HashMap<>();
        Map<String, Optional<Labeled>> looked = new HashMap<>();
        for (Answer answer : answers) {
            if (answer.label().isPresent()
                    && !found.containsKey(answer.image())
                    && !labels.isLabeled(task.getTask(), answer.image())) {
                found.put(answer.image(), locate(task.getTask(), answer, looked));
            }
        }
        return found;
    }

    /**
     * What a teacher has labeled of a shard.
     *
     * @param images by their digests
     */
    private record Labeled(Artifact shard, Set<String> images) {}

    private Optional<Artifact> locate(String task, Answer answer, Map<String, Optional<Labeled>> looked) {
        Optional<String> shard = inQueue(task, answer.image());
        if (shard.isPresent()) {
            return shard(task, shard.get()).map(ShardAdded::getShard);
        }
        return answer.shard()
                .flatMap(digest -> looked.computeIfAbsent(digest, one -> labeledIn(task, one)))
                .filter(labeled -> labeled.images().contains(answer.image()))
                .map(Labeled::shard);
    }

    private Optional<String> inQueue(String task, String image) {
        Optional<String> now = queue.find(task, image).map(Candidate::shard);
        if (now.isPresent() || queue.standing(task).unread() == 0) {
            return now;
        }
        if (!queue.awaitRead(task, patience)) {
            throw QueueProblems.unavailable("The queue of task '" + task + "' is still being read");
        }
        return queue.find(task, image).map(Candidate::shard);
    }

    private Optional<ShardAdded> shard(String task, String digest) {
        return known.task(task, all -> all.history().shards().get(digest).map(Said::fact));
    }

    /** Of what has left the queue, soft labels tell: an image that is held out has none. */
    private Optional<Labeled> labeledIn(String task, String shard) {
        Optional<Source> source = known.task(task, all -> all.history().softLabels().stream()
                .map(Said::fact)
                .filter(each -> each.getShard().equals(shard))
                .reduce((SoftLabelsAdded one, SoftLabelsAdded later) -> later)
                .flatMap(last -> Source.of(all.ledger(), all.history(), last)));
        if (source.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Labeled(source.get().shard(), files.read(source.get().newest(), file -> {
                        SoftLabelFile soft = SoftLabelFile.open(file);
                        return IntStream.range(0, soft.size())
                                .mapToObj(soft::image)
                                .collect(Collectors.toSet());
                    })));
        } catch (UnseenException e) {
            throw QueueProblems.unseen("The soft labels of shard " + shard, e);
        }
    }

    /**
     * Gives answers their effect. It returns when that is stored and said.
     *
     * @param shards of the images, as {@link #locate} has found them
     * @return what came of each, in their order
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 503 if it is not known whether all are in
     */
    List<Outcome> take(TaskDeclared task, List<Answer> answers, Map<String, Optional<Artifact>> shards) {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        answers.forEach(answer -> outcomes.add(CompletableFuture.completedFuture(skipped(answer))));
        // Those of one shard one after the other, for a few shards are at hand only.
        IntStream.range(0, answers.size())
                .boxed()
                .filter(i -> answers.get(i).label().isPresent())
                .sorted(Comparator.comparing(
                        i -> shards.getOrDefault(answers.get(i).image(), Optional.empty())
                                .map(Artifact::getDigest)
                                .orElse("")))
                .forEach(i -> outcomes.set(i, label(task, answers.get(i), shards)));
        List<Outcome> done = join(outcomes);
        for (Answer answer : answers) {
            if (answer.label().isEmpty()) {
                skips.add(task.getTask(), answer.image());
            }
        }
        known.await(readBack, (ledger, history) -> done.stream()
                .filter(each -> each.kind() == Kind.LABELED)
                .allMatch(each -> labels.isLabeled(task.getTask(), each.image())));
        return done;
    }

    private static Outcome skipped(Answer answer) {
        return Outcome.refused(answer.image(), Kind.SKIPPED, "");
    }

    private CompletableFuture<Outcome> label(TaskDeclared task, Answer answer, Map<String, Optional<Artifact>> shards) {
        String image = answer.image();
        int label = answer.label().getAsInt();
        Optional<HandLabel> before = labels.find(task, image);
        if (before.isPresent()) {
            return CompletableFuture.completedFuture(outcome(task, before.get(), label));
        }
        Optional<Artifact> shard = shards.getOrDefault(image, Optional.empty());
        if (shard.isEmpty()) {
            return CompletableFuture.completedFuture(Outcome.refused(
                    image, Kind.UNKNOWN_IMAGE, "No image of this digest waits for a label of this task"));
        }
        try {
            Optional<UnpackedShard.Original> original = originals.find(shard.get(), image);
            if (original.isEmpty()) {
                return CompletableFuture.completedFuture(Outcome.refused(
                        image,
                        Kind.UNUSABLE_IMAGE,
                        "Shard " + shard.get().getDigest() + " is damaged before this image"));
            }
            return labels.add(
                            task,
                            original.get().key(),
                            image,
                            original.get().encoded().toByteArray(),
                            label)
                    .thenApply(given -> outcome(task, given, label));
        } catch (UnseenException e) {
            throw QueueProblems.unseen("Shard " + shard.get().getDigest(), e);
        } catch (IOException e) {
            throw QueueProblems.unavailable("Images cannot be put on the gateway's disk: " + e.getMessage());
        }
    }

    private static Outcome outcome(TaskDeclared task, HandLabel given, int wanted) {
        String detail = given.news()
                ? ""
                : "It was labeled " + task.getClasses(given.label()) + " before"
                        + (given.label() == wanted ? "" : ", which it stays: the first answer counts");
        return new Outcome(
                given.image(),
                given.news() ? Kind.LABELED : Kind.ALREADY_LABELED,
                OptionalInt.of(given.label()),
                Optional.of(given.shard()),
                detail);
    }

    private static List<Outcome> join(List<CompletableFuture<Outcome>> outcomes) {
        try {
            return outcomes.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw QueueProblems.unavailable("Whether all answers are in is not known: "
                    + Optional.ofNullable(e.getCause().getMessage()).orElse("it takes too long"));
        }
    }
}
