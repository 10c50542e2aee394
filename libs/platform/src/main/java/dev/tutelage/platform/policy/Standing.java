package dev.tutelage.platform.policy;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Extent;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.Arrivals.Arrival;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a stage of a task stands at some moment: what there is, and what has come since it was last asked for. */
public final class Standing {
    private final TaskLedger task;
    private final Instant now;
    private final Work work;
    private final List<RunRequested> asked;

    /**
     * What would be asked for.
     *
     * @param recipe canonical JSON
     * @param parent digest of the checkpoint that it would start from or learn from
     * @param extent what there is now
     * @param learnsFrom of which there must be more for it to be other work; what it is mainly about is the first
     * @param newest the last of that to have come
     * @param newParent of a checkpoint to start from that the stage was not asked for with, if there is one
     * @param redeclared when the task was declared otherwise in a way that its recipe does not tell, if it was
     */
    public record Work(
            Stage stage,
            String recipe,
            Optional<String> parent,
            Extent extent,
            List<Measure> learnsFrom,
            Optional<Arrival> newest,
            Optional<Firing> newParent,
            Optional<Instant> redeclared) {
        public Work {
            learnsFrom = List.copyOf(learnsFrom);
        }
    }

    public Standing(TaskLedger task, Instant now, Work work) {
        this.task = task;
        this.now = now;
        this.work = work;
        this.asked = task.requests(work.stage());
    }

    /** How much there is of a task's data but for soft labels, which are a teacher's. */
    public static Extent.Builder extentOf(TaskLedger task) {
        return Extent.newBuilder()
                .setUnlabeledShards(task.unlabeled().size())
                .setUnlabeledImages(task.arrivals().unlabeledImages())
                .setLabeledShards(task.labeled().size())
                .setLabels(task.arrivals().labels())
                .setDrifts(task.drifts().size());
    }

    Instant now() {
        return now;
    }

    Work work() {
        return work;
    }

    /** When the newest of what the stage learns from came. */
    Instant newest() {
        return work.newest().map(Arrival::time).orElse(Instant.EPOCH);
    }

    /** The stage's requests, in their order. */
    List<RunRequested> asked() {
        return asked;
    }

    Instant timeOf(RunRequested request) {
        return task.requestTime(request.getRunId()).orElse(Instant.EPOCH);
    }

    /** Requests whose runs are not at their end. */
    List<RunRequested> open() {
        return asked.stream().filter(request -> task.isOpen(request.getRunId())).toList();
    }

    boolean isCancelled(RunRequested request) {
        return task.isCancelled(request.getRunId(), request.getRetry());
    }

    private RunRequested last() {
        return asked.get(asked.size() - 1);
    }

    /** The last request, for people. */
    String lastName() {
        return "run " + last().getRunId();
    }

    Instant lastTime() {
        return timeOf(last());
    }

    /** What the stage is mainly about. */
    Measure measure() {
        return work.learnsFrom().get(0);
    }

    /** How much of something there is now. */
    long now(Measure measure) {
        return measure.of(work.extent());
    }

    /** How much of something has come since the last request; of another teacher's soft labels, all of them. */
    long more(Measure measure) {
        boolean comparable = measure != Measure.SOFT_LABELS
                || work.parent().filter(last().getParent()::equals).isPresent();
        return now(measure) - (comparable ? measure.of(last().getExtent()) : 0);
    }

    Optional<Firing> newParent() {
        return work.newParent();
    }

    /** What was said to have drifted since the last request. */
    List<DriftDetected> newDrifts() {
        List<DriftDetected> all = task.drifts();
        int known = (int) Math.min(last().getExtent().getDrifts(), all.size());
        return all.subList(known, all.size());
    }

    /** Whether the stage would not do the same work again. */
    boolean isAnythingNew() {
        return work.newParent().isPresent() || work.learnsFrom().stream().anyMatch(measure -> more(measure) > 0);
    }

    /** Whether the task has been declared otherwise since the last request. */
    boolean isRedeclared() {
        return !last().getRecipe().equals(work.recipe())
                || work.redeclared().filter(lastTime()::isBefore).isPresent();
    }

    /** That more has come. */
    Firing firing(String reason, Measure measure) {
        return new Firing(reason, List.of(came(measure)));
    }

    /** That it is time, and what has come meanwhile. */
    Firing byTime(String reason) {
        List<Evidence> came = work.learnsFrom().stream()
                .filter(measure -> more(measure) > 0)
                .map(this::came)
                .toList();
        return new Firing(reason, came);
    }

    private Evidence came(Measure measure) {
        String what = String.format(
                Locale.ROOT, "%,d %s, %,d of them since %s", now(measure), measure.plural(), more(measure), lastName());
        return evidence(what, measure.topic(), task.name() + "/" + newestShard(measure));
    }

    private String newestShard(Measure measure) {
        Optional<Arrival> newest =
                switch (measure) {
                    case UNLABELED_IMAGES -> task.arrivals().newestUnlabeled();
                    case LABELS -> task.arrivals().newestLabeled();
                    case SOFT_LABELS -> work.newest();
                };
        return newest.map(Arrival::shard).orElse("");
    }

    /** That a fact has its part in a decision. */
    public static Evidence evidence(String what, Topic topic, String key) {
        return Evidence.newBuilder()
                .setWhat(what)
                .setTopic(topic.topicName())
                .setKey(key)
                .build();
    }
}
