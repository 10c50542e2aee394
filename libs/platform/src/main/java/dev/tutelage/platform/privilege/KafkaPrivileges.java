package dev.tutelage.platform.privilege;

import static dev.tutelage.event.Topic.AUDIT;
import static dev.tutelage.event.Topic.CANCELLATIONS;
import static dev.tutelage.event.Topic.CHECKPOINTS;
import static dev.tutelage.event.Topic.DEAD_LETTERS;
import static dev.tutelage.event.Topic.DEAD_LETTER_REPLAYS;
import static dev.tutelage.event.Topic.DISTILL_REQUESTS;
import static dev.tutelage.event.Topic.DRIFT;
import static dev.tutelage.event.Topic.EXPIRATIONS;
import static dev.tutelage.event.Topic.FINE_TUNE_REQUESTS;
import static dev.tutelage.event.Topic.JUDGEMENTS;
import static dev.tutelage.event.Topic.LABEL_REQUESTS;
import static dev.tutelage.event.Topic.PAUSES;
import static dev.tutelage.event.Topic.PRETRAIN_REQUESTS;
import static dev.tutelage.event.Topic.PROMOTIONS;
import static dev.tutelage.event.Topic.RELABEL_REQUESTS;
import static dev.tutelage.event.Topic.RUNS;
import static dev.tutelage.event.Topic.RUN_PROGRESS;
import static dev.tutelage.event.Topic.SHARDS;
import static dev.tutelage.event.Topic.SOFT_LABELS;
import static dev.tutelage.event.Topic.TASKS;
import static dev.tutelage.event.Topic.UPLOADS;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.log.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a principal may do on Kafka. To write a topic with a transaction takes the topic and the transactional id; to read with a
 * group takes both; each includes that the topic is described. Nothing of the cluster is needed.
 *
 * @param reads topics that it reads
 * @param writes topics that it writes
 * @param creates topics that it creates where they are not
 * @param groups that it reads with
 * @param transactionalIds that it writes with
 */
public record KafkaPrivileges(
        NavigableSet<String> reads,
        NavigableSet<String> writes,
        NavigableSet<String> creates,
        List<Name> groups,
        List<Name> transactionalIds) {
    /** From any address: who it is, the password says, and which pods reach the broker, network policies. */
    private static final String ANYWHERE = "*";

    /** What every trigger folds: {@code mp.messaging.incoming.facts.topics}. */
    private static final Set<Topic> FACTS = EnumSet.of(
            TASKS,
            SHARDS,
            RUNS,
            CHECKPOINTS,
            SOFT_LABELS,
            PROMOTIONS,
            JUDGEMENTS,
            DRIFT,
            EXPIRATIONS,
            PAUSES,
            CANCELLATIONS,
            PRETRAIN_REQUESTS,
            FINE_TUNE_REQUESTS,
            DISTILL_REQUESTS);

    /** What every worker says of its requests, and every trigger of what it asks for. */
    private static final Set<Topic> OF_RUNS = EnumSet.of(RUNS, RUN_PROGRESS, DEAD_LETTERS);

    /** What is done by hand: all but what only trainings, labelers and housekeeping say. */
    private static final Set<Topic> BY_HAND = EnumSet.of(
            TASKS,
            SHARDS,
            UPLOADS,
            PRETRAIN_REQUESTS,
            FINE_TUNE_REQUESTS,
            LABEL_REQUESTS,
            RELABEL_REQUESTS,
            DISTILL_REQUESTS,
            RUNS,
            PROMOTIONS,
            JUDGEMENTS,
            PAUSES,
            CANCELLATIONS,
            DEAD_LETTERS,
            DEAD_LETTER_REPLAYS,
            AUDIT);

    /**
     * The name of a group or a transactional id, or what all of several begin with.
     *
     * @param isPrefix whether others that begin with the text are meant, too
     */
    public record Name(String text, boolean isPrefix) {

        private static Name exactly(String text) {
            return new Name(text, false);
        }

        private static Name beginningWith(String text) {
            return new Name(text, true);
        }

        /** As people write it: {@code labeler-trigger-*}. */
        @Override
        public String toString() {
            return isPrefix ? text + "*" : text;
        }
    }

    public KafkaPrivileges {
        groups = List.copyOf(groups);
        transactionalIds = List.copyOf(transactionalIds);
    }

    /** What that principal may. */
    public static KafkaPrivileges of(Principal principal) {
        return switch (principal) {
            case PRETRAINER ->
                service(
                        principal,
                        EnumSet.noneOf(Topic.class),
                        EnumSet.of(PRETRAIN_REQUESTS, CANCELLATIONS, CHECKPOINTS));
            case FINE_TUNER ->
                service(
                        principal,
                        EnumSet.noneOf(Topic.class),
                        EnumSet.of(FINE_TUNE_REQUESTS, CANCELLATIONS, CHECKPOINTS, PROMOTIONS, JUDGEMENTS));
            case STUDENT_TRAINER ->
                service(
                        principal,
                        EnumSet.noneOf(Topic.class),
                        EnumSet.of(DISTILL_REQUESTS, CANCELLATIONS, CHECKPOINTS, PROMOTIONS, JUDGEMENTS));
            case LABELER ->
                service(
                        principal,
                        EnumSet.of(LABEL_REQUESTS, RELABEL_REQUESTS),
                        EnumSet.of(LABEL_REQUESTS, RELABEL_REQUESTS, SOFT_LABELS, DRIFT));
            case GATEWAY -> gateway();
            case BUCKETS ->
                new KafkaPrivileges(none(), new TreeSet<>(Set.of(Topics.BUCKET_EVENTS)), none(), List.of(), List.of());
            case TOPICS -> new KafkaPrivileges(none(), none(), allTopics(), List.of(), List.of());
        };
    }

    private static KafkaPrivileges service(Principal principal, Set<Topic> moreReads, Set<Topic> own) {
        String service = principal.text();
        List<Name> groups = new ArrayList<>(List.of(Name.exactly(service)));
        if (principal == Principal.LABELER) {
            groups.add(Name.exactly(service + "-backlog"));
        }
        groups.add(Name.beginningWith(service + "-trigger-"));
        return new KafkaPrivileges(
                names(FACTS, moreReads),
                names(OF_RUNS, own),
                none(),
                groups,
                List.of(Name.beginningWith(service + "-"), Name.exactly(turnOf(principal))));
    }

    /** It reads everything that is said, writes what people ask for, and takes the turns of those who give roles. */
    private static KafkaPrivileges gateway() {
        // Requests for labels are read when a person names a run that is to be asked for again.
        NavigableSet<String> reads = allTopics();
        NavigableSet<String> writes = names(BY_HAND, Set.of());
        // A dead letter of one is put in its place again.
        writes.add(Topics.BUCKET_EVENTS);
        return new KafkaPrivileges(
                reads,
                writes,
                none(),
                List.of(Name.beginningWith("gateway-")),
                List.of(
                        Name.beginningWith("gateway-"),
                        Name.exactly(turnOf(Principal.GATEWAY)),
                        Name.exactly(turnOf(Principal.FINE_TUNER)),
                        Name.exactly(turnOf(Principal.STUDENT_TRAINER))));
    }

    /** As {@link dev.tutelage.platform.trigger.Turn} has it. */
    private static String turnOf(Principal principal) {
        return "tutelage-" + principal.text() + "-trigger";
    }

    private static NavigableSet<String> none() {
        return new TreeSet<>();
    }

    private static NavigableSet<String> names(Collection<Topic> some, Collection<Topic> more) {
        NavigableSet<String> names = new TreeSet<>();
        Stream.concat(some.stream(), more.stream()).map(Topic::topicName).forEach(names::add);
        return names;
    }

    /** Every topic that there is. */
    public static NavigableSet<String> allTopics() {
        NavigableSet<String> all = names(EnumSet.allOf(Topic.class), Set.of());
        all.add(Topics.BUCKET_EVENTS);
        return all;
    }

    /** The same as Kafka's ACLs: of literal topics, one for each operation. */
    public List<AclBinding> acls(Principal principal) {
        String user = "User:" + principal.text();
        List<AclBinding> acls = new ArrayList<>();
        reads.forEach(topic -> acls.add(acl(user, ResourceType.TOPIC, topic, AclOperation.READ)));
        writes.forEach(topic -> acls.add(acl(user, ResourceType.TOPIC, topic, AclOperation.WRITE)));
        creates.forEach(topic -> {
            acls.add(acl(user, ResourceType.TOPIC, topic, AclOperation.CREATE));
            acls.add(acl(user, ResourceType.TOPIC, topic, AclOperation.DESCRIBE));
        });
        groups.forEach(group -> acls.add(acl(user, ResourceType.GROUP, group, AclOperation.READ)));
        transactionalIds.forEach(id -> acls.add(acl(user, ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE)));
        return List.copyOf(acls);
    }

    private static AclBinding acl(String user, ResourceType type, String name, AclOperation operation) {
        return acl(user, type, Name.exactly(name), operation);
    }

    private static AclBinding acl(String user, ResourceType type, Name name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name.text(), name.isPrefix() ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry(user, ANYWHERE, operation, AclPermissionType.ALLOW));
    }
}
