package dev.tutelage.cli.verify;

import dev.tutelage.event.v1.Role;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.run.StoredOutcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks from topics and objects alone what the services promise together: each request ends once, each checkpoint's bytes
 * are there, each image has its soft labels once ({@link SoftLabelVerifier}), no fact points nowhere, and promotions follow
 * from each other. Nothing is written.
 */
public final class SystemVerifier {
    private final Map<String, Object> kafka;
    private final ArtifactStore store;
    private final StoredOutcomes outcomes;
    private final SoftLabelVerifier softLabels;
    private final Duration settling;

    public SystemVerifier(Map<String, Object> kafka, ArtifactStore store) {
        this(kafka, store, SecondLook.SETTLING);
    }

    SystemVerifier(Map<String, Object> kafka, ArtifactStore store, Duration settling) {
        this.kafka = kafka;
        this.store = store;
        this.outcomes = new StoredOutcomes(store);
        this.softLabels = new SoftLabelVerifier(kafka, store, settling);
        this.settling = settling;
    }

    /**
     * Verifies one task, or all.
     *
     * @param task its name; empty for all
     * @param wait how long to wait for requests that are not done yet
     * @throws IllegalArgumentException if there is no such task
     * @throws IOException if files cannot be written here
     */
    public SystemVerification verify(Optional<String> task, Duration wait) throws IOException, InterruptedException {
        try (RunTopics topics = new RunTopics(kafka)) {
            Map<String, TaskReport.Tally> tallies = checkTopics(topics, task, wait);
            checkObjects(topics, tallies);
            List<TaskReport> reports =
                    tallies.values().stream().map(TaskReport.Tally::report).toList();
            return SystemVerification.of(reports, softLabels.verify(task, wait));
        }
    }

    private Map<String, TaskReport.Tally> checkTopics(RunTopics topics, Optional<String> task, Duration wait)
            throws InterruptedException {
        SecondLook second = new SecondLook(wait, settling);
        Map<String, TaskReport.Tally> tallies;
        do {
            topics.readOn();
            tallies = judge(topics, task);
        } while (second.isNeeded(
                tallies.values().stream().anyMatch(tally -> tally.pendingSoFar() > 0),
                tallies.values().stream().anyMatch(TaskReport.Tally::hasFindings)));
        return tallies;
    }

    private Map<String, TaskReport.Tally> judge(RunTopics topics, Optional<String> only) {
        Map<String, TaskReport.Tally> tallies = new LinkedHashMap<>();
        topics.tasks().forEach((task, facts) -> {
            if (only.isEmpty() || only.get().equals(task)) {
                TaskReport.Tally tally = new TaskReport.Tally(task);
                new RunCheck(facts, topics::isConsumed, outcomes, tally).run();
                for (Role role : List.of(Role.ROLE_TEACHER, Role.ROLE_STUDENT)) {
                    new PromotionCheck(facts, role, tally).run();
                }
                tallies.put(task, tally);
            }
        });
        if (only.isPresent() && tallies.isEmpty()) {
            throw new IllegalArgumentException("No task '" + only.get() + "' is declared; there are "
                    + String.join(", ", topics.tasks().keySet()));
        }
        return tallies;
    }

    private void checkObjects(RunTopics topics, Map<String, TaskReport.Tally> tallies) throws IOException {
        Path directory = Files.createTempDirectory("tutelage-verify-");
        try {
            for (Map.Entry<String, TaskReport.Tally> task : tallies.entrySet()) {
                new BytesCheck(topics.tasks().get(task.getKey()), store, directory, task.getValue()).run();
            }
        } finally {
            Files.delete(directory);
        }
    }
}
