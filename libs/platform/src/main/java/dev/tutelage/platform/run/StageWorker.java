package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.RunRequested;
import java.io.IOException;
import java.util.List;

/** What a service's worker half does with a request: the part that differs between the four services. */
public interface StageWorker {

    /**
     * Does the work of a run, from its newest snapshot if there is one, and stores the result.
     *
     * @return the facts about the result, whose bytes are durable by then
     * @throws RunRejectedException if the input is wrong, so that trying again cannot help
     * @throws RunStoppedException if it was asked to stop and has left a snapshot
     * @throws IOException if the local disk fails
     */
    List<Message> work(RunRequested request, Workspace workspace)
            throws RunRejectedException, RunStoppedException, IOException;
}
