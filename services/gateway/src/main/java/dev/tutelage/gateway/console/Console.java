package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.platform.ledger.Ledger;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The pages about tasks and runs. Views are made while no fact is added, and become HTML after that. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class Console {
    private final Facts facts;
    private final Frames frames;
    private final OverviewPage overviews;
    private final RunPages runPages;
    private final RunBook runs;

    public Console(Facts facts, Frames frames, OverviewPage overviews, RunPages runPages, RunBook runs) {
        this.facts = facts;
        this.frames = frames;
        this.overviews = overviews;
        this.runPages = runPages;
        this.runs = runs;
    }

    /** All tasks. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance tasks() {
        return Pages.tasks(facts.read(this::taskList));
    }

    private TaskList taskList(Ledger ledger) {
        return new TaskList(
                frames.plain(ledger, "Tasks", "tasks"),
                ledger.tasks().stream().map(this::row).toList());
    }

    private TaskList.Row row(TaskLedger task) {
        long running = runs.runs(task.name()).stream()
                .filter(run -> RunRow.state(run.state().fact().getState()).equals("running"))
                .count();
        return new TaskList.Row(
                task.name(),
                Frame.path(task.name()),
                images(task.unlabeled()),
                images(task.labeled()),
                top1(task, Role.ROLE_TEACHER),
                top1(task, Role.ROLE_STUDENT),
                Say.count(running),
                task.isPaused());
    }

    private static String images(List<ShardAdded> shards) {
        return Say.count(shards.stream().mapToLong(ShardAdded::getImages).sum());
    }

    private static String top1(TaskLedger task, Role role) {
        return task.holder(role)
                .flatMap(holder -> task.checkpoint(holder.getCheckpoint()))
                .map(holder -> Say.percent(holder.getMetricsOrDefault("top1", Double.NaN)))
                .orElse(Say.NOTHING);
    }

    /** A task at a glance. */
    @GET
    @Path("tasks/{task}")
    @Operation(hidden = true)
    public TemplateInstance overview(@PathParam("task") String task) {
        return Pages.overview(overviewOf(task));
    }

    /** The part of {@link #overview} that changes. */
    @GET
    @Path("tasks/{task}/live")
    @Operation(hidden = true)
    public TemplateInstance overviewLive(@PathParam("task") String task) {
        return Pages.overview$live(overviewOf(task));
    }

    private Overview overviewOf(String name) {
        return facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            return overviews.of(task, frames.of(ledger, name, name, ""));
        });
    }

    /** Runs of a task, the newest first. */
    @GET
    @Path("tasks/{task}/runs")
    @Operation(hidden = true)
    public TemplateInstance runs(
            @PathParam("task") String name,
            @QueryParam("stage") @DefaultValue("") String stage,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.runs(runsOf(name, stage, state, page));
    }

    /** The part of {@link #runs} that changes. */
    @GET
    @Path("tasks/{task}/runs/live")
    @Operation(hidden = true)
    public TemplateInstance runsLive(
            @PathParam("task") String name,
            @QueryParam("stage") @DefaultValue("") String stage,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.runs$live(runsOf(name, stage, state, page));
    }

    private RunList runsOf(String name, String stage, String state, int page) {
        return facts.read(ledger -> runPages.list(
                frames.task(ledger, name), frames.of(ledger, "Runs of " + name, name, "runs"), stage, state, page));
    }

    /** A run. */
    @GET
    @Path("tasks/{task}/runs/{run}")
    @Operation(hidden = true)
    public TemplateInstance run(@PathParam("task") String task, @PathParam("run") String run) {
        return Pages.run(runOf(task, run));
    }

    /** The part of {@link #run} that changes. */
    @GET
    @Path("tasks/{task}/runs/{run}/live")
    @Operation(hidden = true)
    public TemplateInstance runLive(@PathParam("task") String task, @PathParam("run") String run) {
        return Pages.run$live(runOf(task, run));
    }

    private RunView runOf(String name, String run) {
        return facts.read(ledger -> runPages.detail(
                frames.task(ledger, name), frames.of(ledger, "Run " + Say.run(run), name, "runs"), run));
    }
}
