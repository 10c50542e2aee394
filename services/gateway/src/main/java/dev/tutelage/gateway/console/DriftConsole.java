package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftReference;
import dev.tutelage.event.v1.DriftTestKind;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.TaskLedger;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page about drift. */
@Path("/tasks/{task}/drift")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class DriftConsole {
    private final Facts facts;
    private final Frames frames;
    private final History history;
    private final ConsoleSettings settings;

    public DriftConsole(Facts facts, Frames frames, History history, ConsoleSettings settings) {
        this.facts = facts;
        this.frames = frames;
        this.history = history;
        this.settings = settings;
    }

    /** The windows that drifted, the newest first. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance drift(@PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.drift(facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            TaskHistory past = history.task(name).orElseThrow();
            String base = Frame.path(name);
            Pager.Page<Said<DriftDetected>> cut =
                    Pager.cut(past.drifts().newest(), page, settings.pageSize(), base + "/drift?page=");
            return new Drifts(
                    frames.of(ledger, "Drift of " + name, name, "drift"),
                    base,
                    cut.rows().stream().map(each -> window(task, past, each)).toList(),
                    cut.pager());
        }));
    }

    private static Drifts.Window window(TaskLedger task, TaskHistory past, Said<DriftDetected> said) {
        DriftDetected drift = said.fact();
        return new Drifts.Window(
                Say.count(drift.getWindow()),
                Say.when(said.time()),
                RunPages.checkpoint(task, "teacher", drift.getTeacher()),
                shard(task, past, drift.getFirstShard()),
                shard(task, past, drift.getLastShard()),
                Say.count(drift.getImages(), "image"),
                reference(drift.getReference()),
                drift.getReason(),
                drift.getTestsList().stream()
                        .map(test -> new Drifts.Test(
                                kind(test.getKind()),
                                Say.number(test.getValue()),
                                Say.number(test.getThreshold()),
                                test.getFired()))
                        .toList());
    }

    private static RunView.Line shard(TaskLedger task, TaskHistory past, String digest) {
        return new RunView.Line(
                "shard",
                Say.digest(digest),
                past.shards()
                        .get(digest)
                        .map(known -> Frame.path(task.name()) + "/data/" + digest)
                        .orElse(""));
    }

    private static String reference(DriftReference reference) {
        return switch (reference) {
            case DRIFT_REFERENCE_CHECKPOINT -> "what the teacher's checkpoint tells of the images that it knows";
            case DRIFT_REFERENCE_FIRST_WINDOW -> "the teacher's first window";
            case DRIFT_REFERENCE_UNSPECIFIED, UNRECOGNIZED -> "an unknown reference";
        };
    }

    private static String kind(DriftTestKind kind) {
        return switch (kind) {
            case DRIFT_TEST_KIND_CONFIDENCE -> "how sure the teacher is (population stability index)";
            case DRIFT_TEST_KIND_CLASS_PRIOR -> "what it says they show (population stability index)";
            case DRIFT_TEST_KIND_FEATURES -> "what they look like to it (maximum mean discrepancy, squared)";
            case DRIFT_TEST_KIND_UNSPECIFIED, UNRECOGNIZED -> "an unknown test";
        };
    }
}
