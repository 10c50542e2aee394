package dev.tutelage.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.Terminal;
import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints who may do what on Kafka, as Strimzi's user operator takes it. */
@Command(
        name = "users",
        description = "Prints who may do what on Kafka, as KafkaUser resources for Strimzi's user operator: a password"
                + " (SCRAM-SHA-512) and the ACLs of each service, and of an S3 service that tells of new objects.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage topics users --cluster kafka | kubectl apply -f -"})
public final class UserManifestCommand implements Callable<Integer> {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "kafka",
            description = "Name of the Kafka resource. Default: ${DEFAULT-VALUE}")
    private String cluster;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws JsonProcessingException {
        // Strimzi's own operator creates the topics.
        List<StrimziResource> resources = Arrays.stream(Principal.values())
                .filter(principal -> principal != Principal.TOPICS)
                .map(this::resource)
                .toList();
        terminal.say(StrimziResource.yaml(resources));
        return 0;
    }

    private StrimziResource resource(Principal principal) {
        Map<String, Object> authorization = new LinkedHashMap<>();
        authorization.put("type", "simple");
        authorization.put("acls", rules(KafkaPrivileges.of(principal).acls(principal)));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("authentication", Map.of("type", "scram-sha-512"));
        spec.put("authorization", authorization);
        return new StrimziResource("KafkaUser", principal.text(), cluster, spec);
    }

    /** One rule for each resource, with all operations on it. */
    private static List<Map<String, Object>> rules(List<AclBinding> acls) {
        Map<ResourcePattern, Set<String>> operations = new LinkedHashMap<>();
        acls.forEach(acl -> operations
                .computeIfAbsent(acl.pattern(), pattern -> new LinkedHashSet<>())
                .add(capitalized(acl.entry().operation().name())));
        List<Map<String, Object>> rules = new ArrayList<>();
        operations.forEach((pattern, of) -> {
            Map<String, Object> rule = new LinkedHashMap<>();
            rule.put("resource", resource(pattern));
            rule.put("operations", List.copyOf(of));
            rules.add(rule);
        });
        return rules;
    }

    private static Map<String, Object> resource(ResourcePattern pattern) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("type", type(pattern.resourceType()));
        resource.put("name", pattern.name());
        resource.put("patternType", pattern.patternType() == PatternType.PREFIXED ? "prefix" : "literal");
        return resource;
    }

    private static String type(ResourceType type) {
        return type == ResourceType.TRANSACTIONAL_ID
                ? "transactionalId"
                : type.name().toLowerCase(Locale.ROOT);
    }

    private static String capitalized(String word) {
        return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
    }
}
