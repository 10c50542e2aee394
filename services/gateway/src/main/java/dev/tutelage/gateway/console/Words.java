package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.run.RunId;

/** What is said in events, in words. */
final class Words {
    private Words() {}

    static String role(Role role) {
        return switch (role) {
            case ROLE_TEACHER -> "teacher";
            case ROLE_STUDENT -> "student";
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> "holder of an unknown role";
        };
    }

    static String verdict(Verdict verdict) {
        return switch (verdict) {
            case VERDICT_PROMOTED -> "promoted";
            case VERDICT_REJECTED -> "rejected";
            case VERDICT_AWAITING_APPROVAL -> "waits for a person's word";
            case VERDICT_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    static String kind(PromotionKind kind) {
        return switch (kind) {
            case PROMOTION_KIND_MANUAL -> "by hand";
            case PROMOTION_KIND_ROLLBACK -> "rolled back";
            case PROMOTION_KIND_GENERATION -> "next generation";
            case PROMOTION_KIND_UNSPECIFIED, UNRECOGNIZED -> "by the gate";
        };
    }

    static String split(Split split, boolean labeled) {
        return split == Split.SPLIT_HELD_OUT ? "held out" : labeled ? "labeled" : "unlabeled";
    }

    /** How a run ended, as the end of a sentence. */
    static String ended(RunState state) {
        return state == RunState.RUN_STATE_CANCELLED ? "was cancelled" : "has " + RunId.nameOf(state);
    }
}
