package dev.tutelage.gateway.predict.nearest;

import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.predict.ImageValues;
import dev.tutelage.gateway.predict.PredictionRefusedException;
import dev.tutelage.gateway.predict.Student;
import dev.tutelage.gateway.predict.Students;
import dev.tutelage.gateway.predict.nearest.Nearest.Near;
import dev.tutelage.gateway.queue.ImageAddress;
import dev.tutelage.learning.label.Answer;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the training images that a student's encoder finds most alike to an image. They are read when somebody first asks, in the
 * background, and kept for the students that were asked last.
 */
@ApplicationScoped
public class NearestImages {
    private static final Logger LOG = LoggerFactory.getLogger(NearestImages.class);

    private final Students students;
    private final Known known;
    private final Embedder embedder;
    private final NearestSettings settings;
    /** By task and student, the one that was asked last at the end. */
    private final Map<Key, Neighbourhood> neighbourhoods = new LinkedHashMap<>(16, 0.75f, true);

    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "near-images");
        thread.setDaemon(true);
        return thread;
    });

    private record Key(String task, String student) {}

    public NearestImages(Students students, Known known, Embedder embedder, NearestSettings settings) {
        this.students = students;
        this.known = known;
        this.embedder = embedder;
        this.settings = settings;
    }

    void stop(@Observes ShutdownEvent event) {
        reader.shutdownNow();
    }

    /**
     * The nearest of the training images that have been read by now.
     *
     * @param version how the digest of the checkpoint begins that is to say it; empty: the student
     * @throws PredictionRefusedException if there is no such model, it tells no features, or the bytes are no image that the task
     *     can use
     */
    Nearest to(String task, Optional<String> version, byte[] encoded, int count) {
        try (Student student = students.hold(task, version)) {
            Answer seen = student.look(ImageValues.of(encoded, student.images()), 1);
            if (!seen.hasFeatures()) {
                throw new PredictionRefusedException(
                        Response.Status.CONFLICT,
                        "The model tells no features",
                        "Checkpoint " + student.digest() + " of task '" + task
                                + "' was made by an earlier version, whose"
                                + " models tell no features of images. Distill a new student, or name another checkpoint");
            }
            Key key = new Key(task, student.digest());
            Neighbourhood around = neighbourhood(key);
            if (around.want(portions(task))) {
                reader.execute(() -> fill(key, around));
            }
            return view(key, around.nearest(seen.features(0), count));
        }
    }

    private List<Portion> portions(String task) {
        return known.task(
                task,
                all -> Portion.of(
                        all.history().shards().newestFirst(Optional.empty()).values().stream()
                                .map(Said::fact),
                        settings));
    }

    private Neighbourhood neighbourhood(Key key) {
        synchronized (neighbourhoods) {
            Neighbourhood found = neighbourhoods.computeIfAbsent(
                    key, none -> new Neighbourhood(settings.retry().toNanos()));
            if (neighbourhoods.size() > settings.students()) {
                neighbourhoods.remove(neighbourhoods.keySet().iterator().next());
            }
            return found;
        }
    }

    private boolean isKept(Neighbourhood around) {
        synchronized (neighbourhoods) {
            return neighbourhoods.containsValue(around);
        }
    }

    private void fill(Key key, Neighbourhood around) {
        try (Student student = students.hold(key.task(), Optional.of(key.student()))) {
            Optional<Portion> next = around.next();
            while (next.isPresent() && isKept(around)) {
                EmbeddedShard shard = embedder.embed(student, next.get());
                shard.problem().ifPresent(problem -> LOG.warn("Task {}: {}", key.task(), problem));
                around.add(shard);
                next = around.next();
            }
        } catch (RuntimeException e) {
            LOG.warn("Training images of task {} could not be compared", key.task(), e);
            around.giveUp();
        }
    }

    private static Nearest view(Key key, Neighbourhood.Found found) {
        return new Nearest(
                key.task(),
                key.student(),
                found.compared(),
                found.wanted(),
                found.nearest().stream()
                        .map(each -> new Near(
                                each.member().image(),
                                each.shard(),
                                new ImageAddress(each.shard(), each.member().image()).path(key.task()),
                                each.similarity(),
                                each.member().label()))
                        .toList(),
                found.problem());
    }
}
