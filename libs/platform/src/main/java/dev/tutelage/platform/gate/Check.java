package dev.tutelage.platform.gate;

import dev.tutelage.event.v1.GateCheck;

/**
 * One thing that is asked of a candidate.
 *
 * @param name as in {@link GateCheck}
 * @param detail for people
 */
record Check(String name, double value, double limit, Outcome outcome, String detail) {

    enum Outcome {
        PASSED,
        FAILED,
        /** It was not measured, so a person has to say. */
        UNKNOWN;

        static Outcome of(boolean passed) {
            return passed ? PASSED : FAILED;
        }
    }

    /** Of something that was not measured. */
    static Check unknown(String name, double limit, String detail) {
        return new Check(name, Double.NaN, limit, Outcome.UNKNOWN, detail);
    }

    GateCheck fact() {
        return GateCheck.newBuilder()
                .setName(name)
                .setValue(value)
                .setLimit(limit)
                .setPassed(outcome == Outcome.PASSED)
                .setDetail(detail)
                .build();
    }
}
