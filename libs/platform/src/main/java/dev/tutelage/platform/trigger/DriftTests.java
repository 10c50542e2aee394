package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.DriftPolicy;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.DriftTestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Tests whether a window's images are like those of a reference.
 *
 * @param confidence population stability index that fires
 * @param classPrior population stability index that fires
 * @param features squared distance beyond the reference's own that fires
 */
record DriftTests(double confidence, double classPrior, double features) {
    private static final double LARGE_INDEX = 0.25;
    private static final double LARGE_DISTANCE = 0.1;

    /** With the thresholds of a task, and the defaults for those that it does not name. */
    static DriftTests of(DriftPolicy policy) {
        return new DriftTests(
                orDefault(policy.getConfidence(), LARGE_INDEX),
                orDefault(policy.getClassPrior(), LARGE_INDEX),
                orDefault(policy.getFeatures(), LARGE_DISTANCE));
    }

    private static double orDefault(double threshold, double standard) {
        return threshold > 0 ? threshold : standard;
    }

    /** All tests for which both have what it takes. */
    List<DriftTest> run(WindowProfile reference, WindowProfile window) {
        List<DriftTest> tests = new ArrayList<>();
        tests.add(index(
                DriftTestKind.DRIFT_TEST_KIND_CONFIDENCE,
                reference.confidenceHistogram(),
                window.confidenceHistogram(),
                confidence));
        tests.add(index(
                DriftTestKind.DRIFT_TEST_KIND_CLASS_PRIOR, reference.classCounts(), window.classCounts(), classPrior));
        reference
                .distance()
                .flatMap(own -> window.distance()
                        .map(distance -> test(DriftTestKind.DRIFT_TEST_KIND_FEATURES, distance - own, features)))
                .ifPresent(tests::add);
        return tests;
    }

    /** Where there are so few images that chance alone exceeds the threshold, it takes more than chance. */
    private static DriftTest index(DriftTestKind kind, List<Long> reference, List<Long> seen, double threshold) {
        return test(
                kind,
                PopulationStability.index(reference, seen),
                Math.max(threshold, PopulationStability.byChance(reference, seen)));
    }

    private static DriftTest test(DriftTestKind kind, double value, double threshold) {
        return DriftTest.newBuilder()
                .setKind(kind)
                .setValue(value)
                .setThreshold(threshold)
                .setFired(value > threshold)
                .build();
    }

    /** What fired, for people. */
    static String fired(List<DriftTest> tests) {
        return tests.stream()
                .filter(DriftTest::getFired)
                .map(test -> String.format(
                        Locale.ROOT,
                        "%s (%.3f, above %.3f)",
                        name(test.getKind()),
                        test.getValue(),
                        test.getThreshold()))
                .collect(Collectors.joining(", "));
    }

    private static String name(DriftTestKind kind) {
        return switch (kind) {
            case DRIFT_TEST_KIND_CONFIDENCE -> "how sure the teacher is";
            case DRIFT_TEST_KIND_CLASS_PRIOR -> "how often it sees each class";
            case DRIFT_TEST_KIND_FEATURES -> "the distance of its features";
            case DRIFT_TEST_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("no test is of kind " + kind);
        };
    }
}
