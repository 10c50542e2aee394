package dev.tutelage.platform.run;

import dev.tutelage.event.v1.RunRequested;

/**
 * One time that somebody asked for a run. A run that has failed or was cancelled may be asked for again; what ends one
 * request does not end a later one.
 *
 * @param run the run's id
 * @param retry 0 for the first time, then one more each time
 */
public record Asked(String run, int retry) {

    static Asked by(RunRequested request) {
        return new Asked(request.getRunId(), request.getRetry());
    }
}
