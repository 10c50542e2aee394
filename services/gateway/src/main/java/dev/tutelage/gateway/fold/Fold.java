package dev.tutelage.gateway.fold;

import dev.tutelage.platform.log.PlacedFact;

/**
 * What some part of the gateway makes of the facts. Facts are told one at a time, those of a partition in their order, from the
 * beginning at every start; all folds are told before the next fact.
 */
public interface Fold {

    /** Takes note of a fact. It throws nothing: a fact that makes no sense to it changes nothing. */
    void add(PlacedFact placed);
}
