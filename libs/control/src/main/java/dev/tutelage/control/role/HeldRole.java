package dev.tutelage.control.role;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Role;
import dev.tutelage.platform.trigger.Turn;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The roles that checkpoints have, as people write them, and whose triggers judge candidates for them. */
public enum HeldRole {
    TEACHER(Role.ROLE_TEACHER, "fine-tuner"),
    STUDENT(Role.ROLE_STUDENT, "student-trainer");

    private static final Set<Topic> TOPICS = Set.of(Topic.TASKS, Topic.CHECKPOINTS, Topic.PROMOTIONS, Topic.JUDGEMENTS);

    private final Role role;
    private final String service;

    HeldRole(Role role, String service) {
        this.role = role;
        this.service = service;
    }

    public Role role() {
        return role;
    }

    /** Its name for people. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A turn among the triggers that give it.
     *
     * @param source who speaks
     * @param kafka connection settings of the Kafka client
     */
    public Turn turn(String source, Map<String, Object> kafka) {
        return Turn.of(service, source, kafka, TOPICS);
    }
}
