package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The progress of the runs that were heard of last. */
@ApplicationScoped
public class Curves implements Fold {
    private final int kept;
    private final int points;
    /** In the order in which they were heard of, the last at the end. */
    private final Map<String, Followed> runs = new LinkedHashMap<>();

    private record Followed(Curve curve, Said<RunProgressed> latest) {}

    @Inject
    public Curves(ConsoleSettings settings) {
        this(settings.curves(), settings.curvePoints());
    }

    Curves(int kept, int points) {
        this.kept = kept;
        this.points = points;
    }

    @Override
    public void add(PlacedFact placed) {
        if (placed.fact().payload() instanceof RunProgressed progress) {
            Optional<Followed> known = Optional.ofNullable(runs.remove(progress.getRunId()));
            Curve curve = known.map(Followed::curve).orElseGet(() -> new Curve(points));
            curve.add(progress);
            runs.put(
                    progress.getRunId(),
                    new Followed(curve, new Said<>(progress, placed.fact().time())));
            if (runs.size() > kept) {
                runs.remove(runs.keySet().iterator().next());
            }
        }
    }

    /** What was last told of a run. */
    Optional<Said<RunProgressed>> latest(String run) {
        return Optional.ofNullable(runs.get(run)).map(Followed::latest);
    }

    /** How a run has gone, by step. */
    List<Curve.Point> points(String run) {
        return Optional.ofNullable(runs.get(run))
                .map(followed -> followed.curve().points())
                .orElse(List.of());
    }

    /** How much progress of a run was told. */
    long seen(String run) {
        return Optional.ofNullable(runs.get(run))
                .map(followed -> followed.curve().seen())
                .orElse(0L);
    }
}
