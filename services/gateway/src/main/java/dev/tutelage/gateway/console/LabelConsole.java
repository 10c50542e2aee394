package dev.tutelage.gateway.console;

import dev.tutelage.control.softlabel.SoftLabel;
import dev.tutelage.control.softlabel.SoftLabelFile;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.console.RunView.Line;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.learning.data.ImageSet;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The pages about soft labels. */
@Path("/tasks/{task}/labels")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class LabelConsole {
    private static final int CLASSES = 5;

    private final Facts facts;
    private final Frames frames;
    private final History history;
    private final ShardImages images;
    private final StoredFiles files;
    private final ConsoleSettings settings;

    public LabelConsole(
            Facts facts,
            Frames frames,
            History history,
            ShardImages images,
            StoredFiles files,
            ConsoleSettings settings) {
        this.facts = facts;
        this.frames = frames;
        this.history = history;
        this.images = images;
        this.files = files;
        this.settings = settings;
    }

    /** The soft labels of a task, the newest first. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance labels(@PathParam("task") String name, @QueryParam("page") @DefaultValue("1") int page) {
        return Pages.labels(facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            String base = Frame.path(name);
            Pager.Page<Said<SoftLabelsAdded>> cut = Pager.cut(
                    history.task(name).orElseThrow().softLabels().newest(),
                    page,
                    settings.pageSize(),
                    base + "/labels?page=");
            return new LabelList(
                    frames.of(ledger, "Labels of " + name, name, "labels"),
                    base,
                    cut.rows().stream().map(each -> row(task, base, each)).toList(),
                    cut.pager());
        }));
    }

    private static LabelList.Row row(TaskLedger task, String base, Said<SoftLabelsAdded> said) {
        SoftLabelsAdded labels = said.fact();
        return new LabelList.Row(
                Say.digest(labels.getShard()),
                link(base, labels) + "&order=least",
                RunPages.checkpoint(task, "", labels.getTeacher()),
                DataConsole.outcome(labels),
                labels.getViews(),
                labels.hasQuality() ? Say.share(labels.getQuality().getMeanConfidence()) : Say.NOTHING,
                labels.hasQuality() ? Say.number(labels.getQuality().getMeanEntropy()) : Say.NOTHING,
                Say.when(said.time()));
    }

    private static String link(String base, SoftLabelsAdded labels) {
        return base + "/labels/" + labels.getShard() + "?teacher=" + labels.getTeacher();
    }

    /** Soft labels, as facts tell of them. */
    private record Known(
            Frame frame,
            TaskDeclared task,
            Optional<ShardAdded> shard,
            SoftLabelsAdded labels,
            Line teacher,
            List<Line> others) {}

    private Known known(String name, String shard, String teacher) {
        return facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            TaskHistory past = history.task(name).orElseThrow();
            List<SoftLabelsAdded> all = past.softLabels().stream()
                    .map(Said::fact)
                    .filter(each -> each.getShard().equals(shard))
                    .toList();
            SoftLabelsAdded labels = all.stream()
                    .filter(each -> teacher.isEmpty() || each.getTeacher().equals(teacher))
                    .reduce((one, later) -> later)
                    .orElseThrow(() -> new NoSuchPage("Task " + name + " has no soft labels of the shard "
                            + Say.digest(shard) + (teacher.isEmpty() ? "" : " by the teacher " + Say.digest(teacher))
                            + ". Its page of labels lists those it has."));
            return new Known(
                    frames.of(ledger, "Labels of shard " + Say.digest(shard), name, "labels"),
                    task.declaration(),
                    past.shards().get(shard).map(Said::fact),
                    labels,
                    RunPages.checkpoint(task, "Teacher", labels.getTeacher()),
                    all.stream()
                            .map(each ->
                                    new Line("teacher", Say.digest(each.getTeacher()), link(Frame.path(name), each)))
                            .toList());
        });
    }

    /**
     * The soft labels of a shard.
     *
     * @param teacher digest of its checkpoint; empty for the one that labeled it last
     * @param order {@code least} or {@code most} for those first of which the teacher is least or most sure
     */
    @GET
    @Path("{shard}")
    @Operation(hidden = true)
    public TemplateInstance shard(
            @PathParam("task") String name,
            @PathParam("shard") String shard,
            @QueryParam("teacher") @DefaultValue("") String teacher,
            @QueryParam("order") @DefaultValue("least") String order,
            @QueryParam("page") @DefaultValue("1") int page) {
        Known known = known(name, shard, teacher);
        boolean leastFirst = !order.equals("most");
        String link = link(Frame.path(name), known.labels()) + "&order=" + (leastFirst ? "least" : "most") + "&page=";
        try {
            return Pages.label(files.read(known.labels().getLogits(), file -> {
                SoftLabelFile labels = SoftLabelFile.open(file);
                Pager.Page<Integer> cut =
                        Pager.cut(labels.byConfidence(leastFirst), page, settings.imagesPerPage(), link);
                Pictures pictures = pictures(known);
                List<LabelView.Labelled> rows = cut.rows().stream()
                        .map(i -> labelled(known, labels.label(i), pictures.hrefs()))
                        .toList();
                return view(known, leastFirst, rows, cut.pager(), pictures.problem());
            }));
        } catch (UnseenException e) {
            Pager none = Pager.cut(List.of(), 1, 1, link).pager();
            return Pages.label(view(known, leastFirst, List.of(), none, e.getMessage()));
        }
    }

    private static LabelView view(
            Known known, boolean leastFirst, List<LabelView.Labelled> rows, Pager pager, String problem) {
        SoftLabelsAdded labels = known.labels();
        String link = link(Frame.path(labels.getTask()), labels);
        return new LabelView(
                known.frame(),
                Frame.path(labels.getTask()),
                labels.getShard(),
                known.teacher(),
                DataConsole.outcome(labels),
                leastFirst,
                link + "&order=least",
                link + "&order=most",
                known.others(),
                rows,
                pager,
                problem);
    }

    /** Where the images of a shard are, by their digests. */
    private record Pictures(Map<String, String> hrefs, String problem) {}

    private Pictures pictures(Known known) {
        if (known.shard().isEmpty()) {
            return new Pictures(Map.of(), "The shard itself is not known to this task, so there are no images.");
        }
        try {
            ImageSet set = images.of(known.task(), known.shard().get()).images();
            String base = Frame.path(known.labels().getTask()) + "/data/"
                    + known.labels().getShard() + "/";
            Map<String, String> hrefs = new HashMap<>();
            IntStream.range(0, set.size()).forEach(i -> hrefs.putIfAbsent(set.digest(i), base + i + ".png"));
            return new Pictures(hrefs, "");
        } catch (UnseenException e) {
            return new Pictures(Map.of(), "Images cannot be shown. " + e.getMessage());
        }
    }

    private static LabelView.Labelled labelled(Known known, SoftLabel label, Map<String, String> pictures) {
        List<Double> likely = label.probabilities();
        List<ModelView.Bar> bars = IntStream.range(0, likely.size())
                .boxed()
                .sorted(Comparator.comparing((Integer c) -> likely.get(c)).reversed())
                .limit(CLASSES)
                .map(c -> new ModelView.Bar(className(known.task(), c), Say.share(likely.get(c)), 100 * likely.get(c)))
                .toList();
        return new LabelView.Labelled(
                Say.digest(label.image()),
                pictures.getOrDefault(label.image(), ""),
                bars.isEmpty() ? "" : bars.get(0).name() + ", " + bars.get(0).text(),
                bars);
    }

    private static String className(TaskDeclared task, int number) {
        return number < task.getClassesCount() ? task.getClasses(number) : "class " + number;
    }
}
