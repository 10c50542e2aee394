package dev.tutelage.gateway.console;

import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.queue.Strategy;
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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page on which people label images. */
@Path("/tasks/{task}/label")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class LabelingConsole {
    /** Without s and u, which skip and take back. */
    private static final String KEYS = "123456789abcdefghijklmnopqrtvwxyz";

    private final Facts facts;
    private final Frames frames;

    public LabelingConsole(Facts facts, Frames frames) {
        this.facts = facts;
        this.frames = frames;
    }

    /**
     * The page.
     *
     * @param wanted name of a strategy; of one that there is not, the usual one is taken
     */
    @GET
    @Operation(hidden = true)
    public TemplateInstance label(
            @PathParam("task") String name, @QueryParam("strategy") @DefaultValue("margin") String wanted) {
        Strategy strategy = Arrays.stream(Strategy.values())
                .filter(each -> each.text().equals(wanted))
                .findFirst()
                .orElse(Strategy.MARGIN);
        return Pages.labeling(facts.read(ledger -> {
            TaskLedger task = frames.task(ledger, name);
            String base = Frame.path(name);
            return new LabelingView(
                    frames.of(ledger, "Label images of " + name, name, "label"),
                    base,
                    "/api" + base + "/label-queue",
                    strategy.text(),
                    Arrays.stream(Strategy.values())
                            .map(each -> new LabelingView.Choice(each.text(), each.words(), each == strategy))
                            .toList(),
                    classes(task.declaration().getClassesList()));
        }));
    }

    private static List<LabelingView.Answer> classes(List<String> names) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> new LabelingView.Answer(names.get(i), i < KEYS.length() ? KEYS.substring(i, i + 1) : ""))
                .toList();
    }
}
