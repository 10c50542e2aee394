package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.console.RunView.Line;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ShardContents;
import dev.tutelage.platform.ledger.TaskLedger;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages about data. */
@Path("/tasks/{task}/data")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class DataConsole {
    private final Facts facts;
    private final Frames frames;
    private final History history;
    private final ShardImages images;
    private final ConsoleSettings settings;

    public DataConsole(Facts facts, Frames frames, History history, ShardImages images, ConsoleSettings settings) {
        this.facts = facts;
        this.frames = frames;
        this.history = history;
        this.images = images;
        this.settings = settings;
    }

    /** The shards of a task, the newest first. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance shards(@PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.shards(shardsOf(name, page));
    }

    /** The part of {@link #shards} that changes. */
    @GET
    @Path("live")
    @Operation(hidden = true)
    public TemplateInstance shardsLive(
            @PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.shards$live(shardsOf(name, page));
    }

    private Shards shardsOf(String name, int page) {
        return facts.read(ledger -> list(
                frames.task(ledger, name),
                frames.of(ledger, "Data of " + name, name, "data"),
                page,
                history,
                settings));
    }

    static Shards list(TaskLedger task, Frame frame, int page, History history, ConsoleSettings settings) {
        String base = Frame.path(task.name());
        TaskHistory past = history.task(task.name()).orElseThrow();
        Map<String, SoftLabelsAdded> labels = new HashMap<>();
        past.softLabels().stream().forEach(each -> labels.put(each.fact().getShard(), each.fact()));
        Pager.Page<Said<ShardAdded>> cut =
                Pager.cut(past.shards().newest(), page, settings.pageSize(), base + "/data?page=");
        return new Shards(
                frame,
                base,
                base + "/data/live?page=" + page,
                List.of(
                        total("Unlabeled", task.unlabeled()),
                        total("Labeled", task.labeled()),
                        total("Held out", task.heldOut())),
                cut.rows().stream().map(each -> row(base, each, labels)).toList(),
                cut.pager(),
                task.declaration().getClassesList());
    }

    private static Line total(String name, List<ShardAdded> shards) {
        return Line.of(
                name,
                Say.count(shards.stream().mapToLong(ShardAdded::getImages).sum(), "image") + " in "
                        + Say.count(shards.size(), "shard"));
    }

    private static Shards.Row row(String base, Said<ShardAdded> said, Map<String, SoftLabelsAdded> labels) {
        ShardAdded shard = said.fact();
        String digest = shard.getShard().getDigest();
        return new Shards.Row(
                Say.digest(digest),
                base + "/data/" + digest,
                Words.split(shard.getSplit(), shard.getLabeled()),
                Say.count(shard.getImages()),
                Say.bytes(shard.getShard().getSize()),
                Say.when(said.time()),
                Optional.ofNullable(labels.get(digest))
                        .map(DataConsole::outcome)
                        .orElse(""));
    }

    /** What became of the images of a shard when they were labeled. */
    static String outcome(SoftLabelsAdded labels) {
        return Say.count(labels.getImages()) + " labeled"
                + more(labels.getLinked(), "duplicates")
                + more(labels.getNearDuplicates(), "near duplicates")
                + more(labels.getLeaked(), "leaked")
                + more(labels.getRejected(), "unusable");
    }

    private static String more(int number, String what) {
        return number == 0 ? "" : ", " + Say.count(number) + " " + what;
    }

    /** A shard, as facts tell of it. */
    private record Known(Frame frame, TaskDeclared task, Said<ShardAdded> shard, List<Line> labels) {}

    private Known known(String name, String digest) {
        return facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            TaskHistory past = history.task(name).orElseThrow();
            return new Known(
                    frames.of(ledger, "Shard " + Say.digest(digest), name, "data"),
                    task.declaration(),
                    past.shards()
                            .get(digest)
                            .orElseThrow(() -> new NoSuchPage("Task " + name + " has no shard " + Say.digest(digest)
                                    + ". Its page of data lists those it has.")),
                    past.softLabels().stream()
                            .map(Said::fact)
                            .filter(each -> each.getShard().equals(digest))
                            .map(each -> new Line(
                                    "teacher " + Say.digest(each.getTeacher()),
                                    outcome(each),
                                    Frame.path(name) + "/labels/" + digest + "?teacher=" + each.getTeacher()))
                            .toList());
        });
    }

    /** A shard with its first images. */
    @GET
    @Path("{digest}")
    @Operation(hidden = true)
    public TemplateInstance shard(
            @PathParam("task") String name,
            @PathParam("digest") String digest,
            @QueryParam("page") @DefaultValue("1") int page) {
        Known known = known(name, digest);
        String here = Frame.path(name) + "/data/" + digest;
        try {
            ShardContents contents = images.of(known.task(), known.shard().fact());
            Pager.Page<Integer> cut = Pager.cut(
                    IntStream.range(0, contents.images().size()).boxed().toList(),
                    page,
                    settings.imagesPerPage(),
                    here + "?page=");
            return Pages.shard(view(
                    known,
                    cut.rows().stream()
                            .map(i -> picture(known.task(), contents.images(), i, here))
                            .toList(),
                    cut.pager(),
                    images.damage(contents).orElse("")));
        } catch (UnseenException e) {
            return Pages.shard(
                    view(known, List.of(), Pager.cut(List.of(), 1, 1, here).pager(), e.getMessage()));
        }
    }

    private static ShardView.Picture picture(TaskDeclared task, ImageSet images, int i, String here) {
        return new ShardView.Picture(
                images.key(i),
                here + "/" + i + ".png",
                images.label(i).isPresent() ? task.getClasses(images.label(i).getAsInt()) : "");
    }

    private static ShardView view(Known known, List<ShardView.Picture> pictures, Pager pager, String problem) {
        ShardAdded shard = known.shard().fact();
        return new ShardView(
                known.frame(),
                Frame.path(shard.getTask()),
                shard.getShard().getDigest(),
                List.of(
                        Line.of("Split", Words.split(shard.getSplit(), shard.getLabeled())),
                        Line.of("Images", Say.count(shard.getImages())),
                        Line.of("Size", Say.bytes(shard.getShard().getSize())),
                        Line.of("Came (UTC)", Say.when(known.shard().time()).text())),
                known.labels(),
                pictures,
                pager,
                problem);
    }

    /** An image of a shard, by its number there. A shard never changes, so whoever has the image keeps it. */
    @GET
    @Path("{digest}/{number: \\d+}.png")
    @Produces("image/png")
    @Operation(hidden = true)
    public RestResponse<byte[]> image(
            @PathParam("task") String name, @PathParam("digest") String digest, @PathParam("number") int number) {
        Known known = known(name, digest);
        try {
            ImageSet set = images.of(known.task(), known.shard().fact()).images();
            if (number >= set.size()) {
                throw new NoSuchPage("Shard " + Say.digest(digest) + " has no image number " + number
                        + " among the first that are shown.");
            }
            return RestResponse.ResponseBuilder.ok(ImageCodec.png(set.shape(), set.pixels(number)))
                    .header(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable")
                    .build();
        } catch (UnseenException e) {
            throw new NoSuchPage(e.getMessage());
        }
    }
}
