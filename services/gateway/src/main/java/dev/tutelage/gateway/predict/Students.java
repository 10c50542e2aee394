package dev.tutelage.gateway.predict;

import static jakarta.ws.rs.core.Response.Status.CONFLICT;
import static jakarta.ws.rs.core.Response.Status.NOT_FOUND;
import static jakarta.ws.rs.core.Response.Status.SERVICE_UNAVAILABLE;

import com.google.protobuf.Message;
import dev.tutelage.control.checkpoint.TaskCheckpoints;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.log.PlacedFact;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model answers for each task. A promotion has the new student loaded beside the old one, which answers until then; what
 * it was asked it still answers, as whoever asks holds it. A student that cannot be loaded does not take its place, and is
 * tried again later.
 */
@ApplicationScoped
public class Students implements Fold {
    private static final Logger LOG = LoggerFactory.getLogger(Students.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Facts facts;
    private final Models models;
    private final int versions;
    private final Duration retry;
    private final Set<String> due = ConcurrentHashMap.newKeySet();
    private final Map<String, Standing> standings = new ConcurrentHashMap<>();
    private final ScheduledExecutorService loader = Executors.newSingleThreadScheduledExecutor(Students::thread);
    private Future<?> looking = CompletableFuture.completedFuture(null);
    private volatile boolean settled;

    /**
     * A student that could not be loaded.
     *
     * @param nanos when, as {@link System#nanoTime()} says
     */
    private record Failure(String checkpoint, String reason, long nanos) {}

    /**
     * How it stands with a task's student.
     *
     * @param pinned what stays loaded; the first answers
     * @param failure of the newest student, if it is not the one that answers
     */
    private record Standing(List<Student> pinned, Optional<Failure> failure) {
        static final Standing NONE = new Standing(List.of(), Optional.empty());
    }

    public Students(PredictSettings settings, Facts facts, Models models) {
        this.facts = facts;
        this.models = models;
        this.versions = settings.versions();
        this.retry = settings.retry();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "students");
        thread.setDaemon(true);
        return thread;
    }

    void start(@Observes StartupEvent event) {
        looking = loader.scheduleWithFixedDelay(this::loadDue, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        looking.cancel(true);
        loader.shutdownNow();
    }

    @Override
    public void add(PlacedFact placed) {
        Message fact = placed.fact().payload();
        if (fact instanceof Promoted promoted && promoted.getRole() == Role.ROLE_STUDENT) {
            due.add(promoted.getTask());
        } else if (fact instanceof CheckpointPublished published
                && failure(published.getTask()).isPresent()) {
            due.add(published.getTask());
        } else if (fact instanceof TaskDeclared declared) {
            // Its promotions may have been read before it was.
            due.add(declared.getTask());
        }
    }

    /** Whether the students that there were when the gateway started are loaded, or were tried. */
    public boolean isSettled() {
        return settled;
    }

    /** By task, what keeps its newest student from answering. */
    Map<String, String> failures() {
        Map<String, String> failures = new ConcurrentHashMap<>();
        standings.forEach((task, standing) -> standing.failure()
                .ifPresent(failure -> failures.put(task, failure.checkpoint() + ": " + failure.reason())));
        return failures;
    }

    /** What keeps a task's newest student from answering, if something does. */
    public Optional<String> failure(String task) {
        return standing(task).failure().map(failure -> failure.checkpoint() + ": " + failure.reason());
    }

    /** The digest of the checkpoint that answers for a task, if one does. */
    public Optional<String> answering(String task) {
        return standing(task).pinned().stream().findFirst().map(Student::digest);
    }

    /**
     * The classifiers of a task that can be asked, the one that answers where none is named first.
     *
     * @throws PredictionRefusedException if there is no such task
     */
    public List<String> versions(String task) {
        List<String> versions = new ArrayList<>();
        answering(task).ifPresent(versions::add);
        for (CheckpointPublished each : facts.read(ledger -> task(ledger, task).classifiers())) {
            if (!versions.contains(each.getDigest())) {
                versions.add(each.getDigest());
            }
        }
        return versions;
    }

    /**
     * Holds a version of a task's student, having loaded it if need be.
     *
     * @param version how the checkpoint's digest begins; empty: the student
     * @throws PredictionRefusedException if there is none, or it cannot be loaded
     */
    public Student hold(String task, Optional<String> version) {
        String digest = version.map(prefix -> facts.read(ledger -> classifier(ledger, task, prefix)))
                .or(() -> answering(task))
                .orElseGet(() -> facts.read(ledger -> student(ledger, task)));
        try {
            return models.hold(task, digest);
        } catch (IOException | ArtifactStoreException e) {
            throw unavailable(task, digest, e.getMessage());
        }
    }

    private static String classifier(Ledger ledger, String task, String prefix) {
        TaskCheckpoints checkpoints = task(ledger, task);
        try {
            return checkpoints.classifier(prefix).getDigest();
        } catch (IllegalArgumentException e) {
            throw new PredictionRefusedException(NOT_FOUND, "No such version", e.getMessage());
        }
    }

    /** The student of a task of which none answers yet. */
    private String student(Ledger ledger, String task) {
        String digest = task(ledger, task)
                .student()
                .orElseThrow(() -> new PredictionRefusedException(
                        CONFLICT,
                        "No student yet",
                        "Task '" + task
                                + "' has no student yet. One is promoted when distillation has made one that the"
                                + " gate finds good; or promote a classifier by hand: tutelage promote " + task
                                + " student CHECKPOINT. A version can be asked before that"));
        failure(task).ifPresent(failure -> {
            throw unavailable(task, digest, failure);
        });
        return digest;
    }

    private static TaskCheckpoints task(Ledger ledger, String task) {
        return ledger.task(task)
                .map(TaskCheckpoints::new)
                .orElseThrow(() -> new PredictionRefusedException(
                        NOT_FOUND,
                        "No such task",
                        "No task '" + task + "' is declared. GET /api/tasks lists those that are"));
    }

    private static PredictionRefusedException unavailable(String task, String digest, String reason) {
        return new PredictionRefusedException(
                SERVICE_UNAVAILABLE,
                "The model cannot be loaded",
                "Checkpoint " + digest + " of task '" + task + "' could not be loaded: " + reason);
    }

    private Standing standing(String task) {
        return standings.getOrDefault(task, Standing.NONE);
    }

    private void loadDue() {
        if (!facts.isCaughtUp()) {
            return;
        }
        long now = System.nanoTime();
        standings.forEach((task, standing) -> standing.failure()
                .filter(failure -> now - failure.nanos() > retry.toNanos())
                .ifPresent(failure -> due.add(task)));
        for (String task : List.copyOf(due)) {
            due.remove(task);
            try {
                load(task);
            } catch (RuntimeException e) {
                LOG.error("The student of task {} could not be looked at; the one before goes on", task, e);
            }
        }
        settled = true;
    }

    /** Lets the newest student answer that can be loaded; where none can, all stays as it is. */
    private void load(String task) {
        List<String> newest =
                facts.read(ledger -> ledger.task(task).map(known -> new TaskCheckpoints(known).students()).stream()
                        .flatMap(List::stream)
                        .limit(versions)
                        .toList());
        Optional<Failure> failure = Optional.empty();
        for (String digest : newest) {
            try {
                pin(models.hold(task, digest), newest, failure);
                return;
            } catch (IOException | ArtifactStoreException e) {
                LOG.warn("Student {} of task {} cannot answer: {}", digest, task, e.getMessage());
                failure = failure.or(() -> Optional.of(new Failure(digest, e.getMessage(), System.nanoTime())));
            }
        }
        if (failure.isPresent()) {
            standings.put(task, new Standing(standing(task).pinned(), failure));
        }
    }

    private void pin(Student student, List<String> newest, Optional<Failure> failure) {
        List<Student> before = standing(student.task()).pinned();
        List<Student> pinned = new ArrayList<>(List.of(student));
        List<Student> released = new ArrayList<>();
        for (Student each : before) {
            boolean stays = newest.contains(each.digest()) && !each.digest().equals(student.digest());
            (stays ? pinned : released).add(each);
        }
        standings.put(student.task(), new Standing(List.copyOf(pinned), failure));
        if (before.isEmpty() || !before.get(0).digest().equals(student.digest())) {
            LOG.info("Checkpoint {} answers for task {} now", student.digest(), student.task());
        }
        released.forEach(Student::close);
    }
}
