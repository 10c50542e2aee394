package dev.tutelage.control.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.control.quantity.Quantities;
import dev.tutelage.event.v1.Approval;
import dev.tutelage.event.v1.GatePolicy;
import dev.tutelage.event.v1.Generations;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.platform.policy.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a task file says of the gate: who is promoted, who has the last word, and whether students become teachers. */
public final class GateYaml {
    private static final double NANOS_PER_MILLI = 1e6;

    private final String file;

    GateYaml(String file) {
        this.file = file;
    }

    /**
     * What a candidate must show beside {@code promotion-min-top1}; what is absent has no limit.
     *
     * @param confidence that it is better than the holder, above 0 and below 1; absent: 0.95
     * @param minClassRecall in percent
     * @param maxCalibrationError above 0, at most 1
     * @param maxModelBytes a number, or text such as 5MB
     * @param maxLatency text such as 5ms
     */
    public record Gate(
            OptionalDouble confidence,
            OptionalDouble minClassRecall,
            OptionalDouble maxCalibrationError,
            Optional<JsonNode> maxModelBytes,
            Optional<String> maxLatency) {}

    /**
     * Self-training.
     *
     * @param rounds how many students in a row may become teachers
     * @param minGain percentage points; absent: any gain will do
     */
    public record Rounds(@JsonProperty(required = true) int rounds, OptionalDouble minGain) {}

    /** Adds what the file says to the policies; nothing where it says nothing. */
    void addTo(Policies.Builder policies, TaskFile.StagePolicies said) throws InvalidTaskException {
        if (said.gate().isPresent() || said.promotion().isPresent()) {
            GatePolicy.Builder gate = GatePolicy.newBuilder();
            if (said.gate().isPresent()) {
                limits(gate, said.gate().get());
            }
            if (said.promotion().isPresent()) {
                gate.setApproval(approval(said.promotion().get()));
            }
            policies.setGate(gate);
        }
        if (said.generations().isPresent()) {
            policies.setGenerations(generations(said.generations().get()));
        }
    }

    private void limits(GatePolicy.Builder gate, Gate said) throws InvalidTaskException {
        double confidence = said.confidence().orElse(0.5);
        require(confidence > 0 && confidence < 1, "gate.confidence", "above 0 and below 1");
        double recall = said.minClassRecall().orElse(0);
        require(recall >= 0 && recall <= 100, "gate.min-class-recall", "0..100, in percent");
        double calibration = said.maxCalibrationError().orElse(1);
        require(calibration > 0 && calibration <= 1, "gate.max-calibration-error", "above 0 and at most 1");
        gate.setConfidence(said.confidence().orElse(0))
                .setMinClassRecall(recall)
                .setMaxCalibrationError(said.maxCalibrationError().orElse(0));
        // A node that is absent is read as null.
        Optional<JsonNode> bytes = said.maxModelBytes().filter(node -> !node.isNull());
        if (bytes.isPresent()) {
            gate.setMaxModelBytes(bytes(bytes.get()));
        }
        if (said.maxLatency().isPresent()) {
            gate.setMaxLatencyMillis(millis(said.maxLatency().get()));
        }
    }

    private long bytes(JsonNode said) throws InvalidTaskException {
        String field = "gate.max-model-bytes";
        String allowed = "a number of bytes above 0, or as 5MB";
        try {
            long bytes = said.isTextual() ? Quantities.bytes(said.textValue()) : said.asLong();
            require((said.isTextual() || said.canConvertToLong()) && bytes > 0, field, allowed);
            return bytes;
        } catch (IllegalArgumentException e) {
            throw wrong(field, allowed + ": " + e.getMessage(), e);
        }
    }

    private double millis(String said) throws InvalidTaskException {
        Optional<Duration> latency = Durations.parse(said).filter(time -> !time.isZero());
        require(latency.isPresent(), "gate.max-latency", "a time above 0, as 5ms");
        return latency.orElseThrow().toNanos() / NANOS_PER_MILLI;
    }

    private Approval approval(String said) throws InvalidTaskException {
        return switch (said) {
            case "automatic" -> Approval.APPROVAL_AUTOMATIC;
            case "manual" -> Approval.APPROVAL_MANUAL;
            default -> throw wrong("promotion", "automatic or manual, not '" + said + "'");
        };
    }

    private Generations generations(Rounds said) throws InvalidTaskException {
        double gain = said.minGain().orElse(0);
        require(said.rounds() >= 0, "generations.rounds", "0 (none) or more");
        require(gain >= 0 && gain <= 100, "generations.min-gain", "0..100, in percentage points");
        return Generations.newBuilder()
                .setRounds(said.rounds())
                .setMinGain(gain)
                .build();
    }

    private void require(boolean valid, String field, String allowed) throws InvalidTaskException {
        if (!valid) {
            throw wrong(field, allowed);
        }
    }

    private InvalidTaskException wrong(String field, String allowed) {
        return new InvalidTaskException(message(field, allowed));
    }

    private InvalidTaskException wrong(String field, String allowed, Exception cause) {
        return new InvalidTaskException(message(field, allowed), cause);
    }

    private String message(String field, String allowed) {
        return file + ": field 'policies." + field + "' must be " + allowed;
    }
}
