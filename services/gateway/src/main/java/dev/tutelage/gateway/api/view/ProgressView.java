package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How a run is getting on. */
@Schema(name = "Progress", description = "How a run is getting on, as was said last")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ProgressView(
        Instant time,
        @Schema(examples = "sweep 2/4") String phase,
        long step,
        long steps,
        int epoch,
        int epochs,
        double loss,
        double learningRate,
        double imagesPerSecond,
        double secondsLeft,

        @Schema(description = "What was measured after the latest epochs")
        Map<String, Double> metrics) {

    static ProgressView of(Said<RunProgressed> said) {
        RunProgressed progress = said.fact();
        return new ProgressView(
                said.time(),
                progress.getPhase(),
                progress.getStep(),
                progress.getSteps(),
                progress.getEpoch(),
                progress.getEpochs(),
                progress.getLoss(),
                progress.getLearningRate(),
                progress.getImagesPerSecond(),
                progress.getSecondsLeft(),
                new TreeMap<>(progress.getMetricsMap()));
    }
}
