package dev.tutelage.gateway.api;

import dev.tutelage.control.softlabel.CsvLabels;
import dev.tutelage.control.softlabel.LabelSink;
import dev.tutelage.control.softlabel.SoftLabelExport;
import dev.tutelage.control.softlabel.SoftLabelQuery;
import dev.tutelage.platform.artifact.ArtifactStore;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Soft labels for other programs. */
@Path("/api/tasks")
@Tag(name = "Decisions", description = "What the gate and the teachers have said")
public class SoftLabelExports {
    private static final String CSV = "text/csv";

    private final Known known;
    private final ArtifactStore store;

    public SoftLabelExports(Known known, ArtifactStore store) {
        this.known = known;
        this.store = store;
    }

    /** A line an image. It is read from the store as it is sent, a shard at a time. */
    @GET
    @Path("/{task}/soft-labels/export")
    @Blocking
    @Produces(CSV)
    @Operation(
            operationId = "exportSoftLabels",
            summary = "What a teacher thinks of the unlabeled images, a line an image")
    @APIResponse(
            responseCode = "200",
            description = "image,shard,teacher,class,confidence, and the probability of each class",
            content = @Content(mediaType = CSV, schema = @Schema(implementation = String.class)))
    public Response csv(
            @PathParam("task") String task,
            @QueryParam("teacher") Optional<String> teacher,
            @QueryParam("min_confidence") @DefaultValue("0") double minConfidence,
            @QueryParam("class") Optional<String> likeliest) {
        try {
            SoftLabelQuery query = new SoftLabelQuery(teacher, minConfidence, likeliest);
            SoftLabelExport export = known.task(task, all -> SoftLabelExport.of(all.ledger(), query));
            StreamingOutput lines = out -> write(export, out);
            return Response.ok(lines)
                    .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + task + ".csv\"")
                    .build();
        } catch (IllegalArgumentException e) {
            throw Problems.badRequest("Wrong query", e.getMessage());
        }
    }

    private void write(SoftLabelExport export, OutputStream out) throws IOException {
        try (LabelSink sink = new CsvLabels(
                new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), export.classes())) {
            export.write(store, sink, written -> {});
        }
    }
}
