package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.Approval;
import dev.tutelage.event.v1.GatePolicy;
import dev.tutelage.event.v1.Policies;

/**
 * What a task asks of candidates. A limit of 0 is none, but for the top-1.
 *
 * @param minTop1 in percent
 * @param confidence that the candidate is better than the holder; 0.5 or less: it only has to be better
 * @param minClassRecall in percent
 * @param maxCalibrationError 0 to 1
 * @param manual whether a person has the last word
 */
record GateLimits(
        double minTop1,
        double confidence,
        double minClassRecall,
        double maxCalibrationError,
        long maxModelBytes,
        double maxLatencyMillis,
        boolean manual) {
    private static final double CONFIDENCE = 0.95;

    static GateLimits of(Policies policies) {
        GatePolicy gate = policies.getGate();
        return new GateLimits(
                policies.getPromotionMinTop1(),
                gate.getConfidence() > 0 ? gate.getConfidence() : CONFIDENCE,
                gate.getMinClassRecall(),
                gate.getMaxCalibrationError(),
                gate.getMaxModelBytes(),
                gate.getMaxLatencyMillis(),
                gate.getApproval() == Approval.APPROVAL_MANUAL);
    }

    /** Whether any candidate that is better at all will do, however few images tell. */
    boolean onlyBetter() {
        return confidence <= 0.5;
    }
}
