package dev.tutelage.cli.verify;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.run.StoredOutcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves from topics and objects alone that each image has exactly one soft label by each teacher that was to label it,
 * or finds where it has not. Nothing is written.
 */
public final class SoftLabelVerifier {
    private final Map<String, Object> kafka;
    private final ArtifactStore store;
    private final StoredOutcomes outcomes;
    private final Duration settling;

    public SoftLabelVerifier(Map<String, Object> kafka, ArtifactStore store) {
        this(kafka, store, SecondLook.SETTLING);
    }

    SoftLabelVerifier(Map<String, Object> kafka, ArtifactStore store, Duration settling) {
        this.settling = settling;
        this.kafka = kafka;
        this.store = store;
        this.outcomes = new StoredOutcomes(store);
    }

    /**
     * Verifies one task, or all.
     *
     * @param task its name; empty for all
     * @param wait how long to wait for requests that are not done yet
     * @throws IllegalArgumentException if there is no such task
     * @throws IOException if files cannot be written here
     */
    public Verification verify(Optional<String> task, Duration wait) throws IOException, InterruptedException {
        try (LabelTopics topics = new LabelTopics(kafka)) {
            Map<String, LogCheck> checks = checkTopics(topics, task, wait);
            checkObjects(topics, checks);
            List<TeacherReport> reports = new ArrayList<>();
            checks.values().forEach(check -> check.tallies().values().forEach(tally -> reports.add(tally.report())));
            return Verification.of(reports);
        }
    }

    private Map<String, LogCheck> checkTopics(LabelTopics topics, Optional<String> task, Duration wait)
            throws InterruptedException {
        SecondLook second = new SecondLook(wait, settling);
        Map<String, LogCheck> checks;
        do {
            topics.readOn();
            checks = judge(topics, task);
        } while (second.isNeeded(
                checks.values().stream().anyMatch(check -> check.unfinished() > 0),
                checks.values().stream()
                        .flatMap(check -> check.tallies().values().stream())
                        .anyMatch(TeacherReport.Tally::hasFindings)));
        return checks;
    }

    private Map<String, LogCheck> judge(LabelTopics topics, Optional<String> only) {
        Map<String, LogCheck> checks = new LinkedHashMap<>();
        topics.tasks().forEach((task, facts) -> {
            if (only.isEmpty() || only.get().equals(task)) {
                checks.put(task, new LogCheck(task, facts, topics::isConsumed, outcomes).run());
            }
        });
        if (only.isPresent() && checks.isEmpty()) {
            throw new IllegalArgumentException("No task '" + only.get() + "' is declared; there are "
                    + String.join(", ", topics.tasks().keySet()));
        }
        return checks;
    }

    private void checkObjects(LabelTopics topics, Map<String, LogCheck> checks) throws IOException {
        Path directory = Files.createTempDirectory("tutelage-verify-");
        try {
            for (Map.Entry<String, LogCheck> check : checks.entrySet()) {
                new ObjectCheck(topics.tasks().get(check.getKey()), check.getValue(), store, directory).run();
            }
        } finally {
            Files.delete(directory);
        }
    }
}
