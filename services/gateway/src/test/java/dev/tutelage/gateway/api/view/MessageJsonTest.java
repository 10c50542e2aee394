package dev.tutelage.gateway.api.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateCheck;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import org.junit.jupiter.api.Test;

class MessageJsonTest {

    @Test
    void fieldsHaveTheNamesOfTheProtocolAndNumbersThatAreNoneAreNull() {
        GateEvidence evidence = GateEvidence.newBuilder()
                .setCandidateTop1(81.5)
                .addCandidateClassRecall(Double.NaN)
                .addCandidateClassRecall(50)
                .setCandidateBytes(1L << 40)
                .addChecks(GateCheck.newBuilder().setName("top1").setPassed(true))
                .build();
        assertThat(MessageJson.of(evidence))
                .hasToString("{\"candidate_top1\":81.5,\"candidate_class_recall\":[null,50.0],"
                        + "\"candidate_bytes\":1099511627776,\"checks\":[{\"name\":\"top1\",\"passed\":true}]}");
    }

    @Test
    void mapsAreObjectsAndEnumerationsHaveTheirNamesForPeople() {
        CheckpointPublished checkpoint = CheckpointPublished.newBuilder()
                .setStage(Stage.STAGE_FINE_TUNE)
                .putMetrics("top1", 12.5)
                .build();
        assertThat(MessageJson.of(checkpoint)).hasToString("{\"stage\":\"fine-tune\",\"metrics\":{\"top1\":12.5}}");
        assertThat(MessageJson.name(RunState.RUN_STATE_SUCCEEDED)).isEqualTo("succeeded");
        assertThat(MessageJson.name(Verdict.VERDICT_AWAITING_APPROVAL)).isEqualTo("awaiting-approval");
    }
}
