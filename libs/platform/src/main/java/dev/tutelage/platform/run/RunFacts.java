package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.log.DeadLetters;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is said about one request. */
final class RunFacts {
    private final RunProtocol.Settings settings;
    private final RunRequested request;
    private final ConsumerRecord<String, byte[]> kafkaRecord;

    RunFacts(RunProtocol.Settings settings, RunRequested request, ConsumerRecord<String, byte[]> kafkaRecord) {
        this.settings = settings;
        this.request = request;
        this.kafkaRecord = kafkaRecord;
    }

    RunChanged begun(int attempt) {
        return changed(attempt == 1 ? RunState.RUN_STATE_STARTED : RunState.RUN_STATE_RESUMED, attempt, "");
    }

    RunProgressed progressed(RunProgressed.Builder how) {
        return how.setRunId(request.getRunId())
                .setTask(request.getTask())
                .setStage(request.getStage())
                .build();
    }

    /**
     * The facts that end the request.
     *
     * @param result what the stage has to say, if it succeeded
     * @param rejected parts of the input that could not be used
     */
    List<Message> ending(RunLifecycle.End end, List<Message> result, List<RejectedItem> rejected) {
        return switch (end.verdict()) {
            case SUCCEEDED -> succeeded(end.attempt(), result, rejected);
            case FAILED -> failed(end.attempt(), end.reason(), rejected);
            case CANCELLED -> List.of(changed(RunState.RUN_STATE_CANCELLED, end.attempt(), ""));
        };
    }

    private List<Message> succeeded(int attempt, List<Message> result, List<RejectedItem> rejected) {
        List<Message> facts = new ArrayList<>(result);
        if (!rejected.isEmpty()) {
            facts.add(letter("Parts of the input were left out", rejected));
        }
        facts.add(changed(RunState.RUN_STATE_SUCCEEDED, attempt, ""));
        return facts;
    }

    private List<Message> failed(int attempt, String reason, List<RejectedItem> rejected) {
        String told = "Run " + request.getRunId() + " of task " + request.getTask() + " failed: " + reason;
        return List.of(letter(told, rejected), changed(RunState.RUN_STATE_FAILED, attempt, reason));
    }

    private DeadLettered letter(String reason, List<RejectedItem> rejected) {
        return DeadLetters.of(kafkaRecord, settings.service(), reason)
                .setTask(request.getTask())
                .setRunId(request.getRunId())
                .addAllRejected(rejected)
                .build();
    }

    private RunChanged changed(RunState state, int attempt, String message) {
        return RunChanged.newBuilder()
                .setRunId(request.getRunId())
                .setTask(request.getTask())
                .setStage(request.getStage())
                .setState(state)
                .setAttempt(attempt)
                .setWorker(settings.worker())
                .setMessage(message)
                .setParent(request.getParent())
                .setDataset(request.getDataset().getDigest())
                .setRetry(request.getRetry())
                .build();
    }
}
