package dev.tutelage.gateway.api;

import dev.tutelage.control.softlabel.CsvLabels;
import dev.tutelage.control.softlabel.LabelSink;
import dev.tutelage.control.softlabel.ParquetLabels;
import dev.tutelage.control.softlabel.SoftLabelExport;
import dev.tutelage.control.softlabel.SoftLabelQuery;
import dev.tutelage.control.softlabel.WebDatasetTar;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Soft labels for other programs. */
@Path("/api/tasks")
@Tag(name = "Decisions", description = "What the gate and the teachers have said")
public class SoftLabelExports {
    private static final String CSV = "text/csv";
    private static final String PARQUET = "application/vnd.apache.parquet";
    private static final String TAR = "application/x-tar";

    /** How they are written. */
    private enum Format {
        CSV(SoftLabelExports.CSV, "csv"),
        PARQUET(SoftLabelExports.PARQUET, "parquet"),
        WEBDATASET(TAR, "tar");

        private final String mediaType;
        private final String extension;

        Format(String mediaType, String extension) {
            this.mediaType = mediaType;
            this.extension = extension;
        }

        private static Format named(String name) {
            return Arrays.stream(values())
                    .filter(format -> format.text().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "Query parameter 'format' must be csv, parquet or webdataset, not '" + name + "'"));
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        private LabelSink sink(OutputStream out, List<String> classes, ArtifactStore store) throws IOException {
            return switch (this) {
                case CSV ->
                    new CsvLabels(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), classes);
                case PARQUET -> new ParquetLabels(out, classes);
                case WEBDATASET -> new WebDatasetTar(out, classes, store);
            };
        }
    }

    private final Known known;
    private final ArtifactStore store;

    public SoftLabelExports(Known known, ArtifactStore store) {
        this.known = known;
        this.store = store;
    }

    /** A line, a row, or three files an image. It is read from the store as it is sent, a shard at a time. */
    @GET
    @Path("/{task}/soft-labels/export")
    @Blocking
    @Produces({CSV, PARQUET, TAR})
    @Operation(
            operationId = "exportSoftLabels",
            summary = "What a teacher thinks of the unlabeled images, a line, a row, or a sample an image")
    @APIResponse(
            responseCode = "200",
            description =
                    "image,shard,teacher,class,confidence, and the probability of each class; as webdataset, of each image"
                            + " <shard>/<key> with its extension, .cls and .json",
            content = {
                @Content(mediaType = CSV, schema = @Schema(implementation = String.class)),
                @Content(mediaType = PARQUET, schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(mediaType = TAR, schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public Response export(
            @PathParam("task") String task,
            @QueryParam("teacher") Optional<String> teacher,
            @QueryParam("min_confidence") @DefaultValue("0") double minConfidence,
            @QueryParam("class") Optional<String> likeliest,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"csv", "parquet", "webdataset"}))
                    @QueryParam("format")
                    @DefaultValue("csv")
                    String name) {
        try {
            Format format = Format.named(name);
            SoftLabelQuery query = new SoftLabelQuery(teacher, minConfidence, likeliest);
            SoftLabelExport export = known.task(task, all -> SoftLabelExport.of(all.ledger(), query));
            StreamingOutput lines = out -> write(export, format, out);
            return Response.ok(lines, format.mediaType)
                    .header(
                            HttpHeaders.CONTENT_DISPOSITION,
                            "attachment; filename=\"" + task + "." + format.extension + "\"")
                    .build();
        } catch (IllegalArgumentException e) {
            throw Problems.badRequest("Wrong query", e.getMessage());
        }
    }

    private void write(SoftLabelExport export, Format format, OutputStream out) throws IOException {
        try (LabelSink sink = format.sink(out, export.classes(), store)) {
            export.write(store, sink, written -> {});
        }
    }
}
