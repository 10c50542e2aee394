package dev.tutelage.platform.trace;

import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.run.RunId;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/** What spans and lines of the log say of a run: its task, id and stage, and the shard where it is about one. */
public final class RunFields {
    /** What names of attributes begin with; lines of the log have the names alone. */
    public static final String PREFIX = "tutelage.";

    private final Map<String, String> fields = new LinkedHashMap<>();

    private RunFields(RunRequested request) {
        fields.put("task", request.getTask());
        fields.put("run", request.getRunId());
        fields.put("stage", RunId.nameOf(request.getStage()));
        if (request.getStage() == Stage.STAGE_LABEL) {
            fields.put("shard", request.getDataset().getDigest());
        }
    }

    public static RunFields of(RunRequested request) {
        return new RunFields(request);
    }

    /** As attributes of a span. */
    public Attributes attributes() {
        AttributesBuilder attributes = Attributes.builder();
        fields.forEach((name, value) -> attributes.put(PREFIX + name, value));
        return attributes.build();
    }

    /** Lets what this thread logs say them, until that is closed. */
    public Logged logged() {
        fields.forEach(MDC::put);
        return () -> fields.keySet().forEach(MDC::remove);
    }

    /** While it is open, lines of the log have the fields. */
    @FunctionalInterface
    public interface Logged extends AutoCloseable {
        @Override
        void close();
    }
}
