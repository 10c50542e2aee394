package dev.tutelage.integration.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of docs/configuration.md. */
final class ConfigurationPage {

    private static final String SHARED = "libs/platform/src/main/resources/META-INF/microprofile-config.properties";
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>tutelage</artifactId>\\s*<version>([^<]+)</version>");

    private static final String HEAD = """
            # Configuration

            Every setting of every service, of version %s. `ConfigurationPageTest` makes this page from the interfaces that declare the settings, and
            fails while it is another. What a stage learns is not set here but in a task's [recipes](recipes.md) and [policies](policies.md); flags of the command line are told by
            `./tutelage help COMMAND`.

            **Where a setting comes from**, the first that says it: a system property (`-Dtutelage.worker.devices=0`), an environment variable,
            `config/application.properties` in the directory that the service is started in, the service's own properties, its default. A value that is
            not of its type or out of the bounds of its column keeps the service from starting, and it says which. `tutelage.worker.*` changes nothing in the gateway,
            which has no worker.

            **How values are written.** A duration: `20s`, `5m`, `12h`, `50ms`, or ISO 8601 as `PT20S`; a number alone is seconds. A size: bytes, or `64M` and `2G`, by powers of 1024. A list:
            `a,b`. A setting with neither default nor value is left out.
            """;

    private static final String OTHERS = """

            ## Of Quarkus and Kafka's clients

            These have no interface here; the guides of Quarkus tell the rest. They are what a deployment sets, all of it optional:

            | key | environment variable | default | meaning | in |
            |---|---|---|---|---|
            | `kafka.bootstrap.servers` | `KAFKA_BOOTSTRAP_SERVERS` | localhost:9092 | brokers, as `host:port,host:port` | all |
            | `kafka.security.protocol` | `KAFKA_SECURITY_PROTOCOL` | PLAINTEXT | `SASL_SSL` where brokers want TLS and passwords ([security.md](security.md#kafka)) | all |
            | `kafka.sasl.mechanism` | `KAFKA_SASL_MECHANISM` | GSSAPI | `SCRAM-SHA-512` | all |
            | `kafka.sasl.jaas.config` | `KAFKA_SASL_JAAS_CONFIG` | | who the service is: `org.apache.kafka.common.security.scram.ScramLoginModule required username="labeler" password="...";` | all |
            | `kafka.ssl.truststore.type` | `KAFKA_SSL_TRUSTSTORE_TYPE` | JKS | `PEM` for a file of certificates | all |
            | `kafka.ssl.truststore.location` | `KAFKA_SSL_TRUSTSTORE_LOCATION` | Java's own | the authority that brokers' certificates are of | all |
            | `quarkus.http.port` | `QUARKUS_HTTP_PORT` | 8080 | port of health, metrics and the gateway's API | all |
            | `quarkus.http.host` | `QUARKUS_HTTP_HOST` | 0.0.0.0 | address that it listens on | all |
            | `quarkus.log.level` | `QUARKUS_LOG_LEVEL` | INFO | what is logged | all |
            | `quarkus.log.console.json.enabled` | `QUARKUS_LOG_CONSOLE_JSON_ENABLED` | false | whether each line is a [JSON object](observability.md#logs) | all |
            | `quarkus.otel.sdk.disabled` | `QUARKUS_OTEL_SDK_DISABLED` | true | false: [traces](observability.md#traces) are sent | all |
            | `quarkus.otel.exporter.otlp.endpoint` | `QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT` | http://localhost:4317 | the collector of traces | all |
            | `quarkus.otel.exporter.otlp.protocol` | `QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL` | grpc | how it is spoken to, `grpc` or `http/protobuf` (port 4318) | all |
            | `quarkus.otel.traces.sampler`, `.arg` | `QUARKUS_OTEL_TRACES_SAMPLER`, `_ARG` | parentbased_always_on | which traces: `parentbased_traceidratio` with `0.1` for a tenth | all |
            | `quarkus.http.proxy.proxy-address-forwarding` | `QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING` | false | whether a [proxy](security.md#the-console) before the gateway is believed | gateway |
            | `quarkus.oidc.*` | `QUARKUS_OIDC_*` | | the issuer of [tokens](security.md#tokens) | gateway |

            The command line reads `TUTELAGE_SERVER` and `TUTELAGE_KEY`, the [gateway](api.md) that it asks and the key that it asks with.
            """;

    private static final String SET = """

            ## What the services set themselves

            Keys of Quarkus and of Kafka's clients that have another value than these would give them. They are part of how the system
            works (transactions, groups, who reads what), so change them with [the architecture](architecture.md) at hand. An environment
            variable overrides them: `MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS`.
            """;

    private final Path project;

    ConfigurationPage(Path project) {
        this.project = project;
    }

    String text() throws IOException {
        StringBuilder page = new StringBuilder(HEAD.formatted(version()));
        Map<String, Map<String, String>> own = new LinkedHashMap<>();
        for (String service : services()) {
            own.put(service, properties("services/" + service + "/src/main/resources/application.properties"));
        }
        for (SettingsGroup group : SettingsSource.all(project)) {
            settings(page, group, own);
        }
        page.append(OTHERS).append(SET);
        set(page, "all services", properties(SHARED));
        own.forEach((service, values) -> set(page, "the " + service, values));
        return page.toString();
    }

    private String version() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(project.resolve("pom.xml")));
        if (!version.find()) {
            throw new IllegalStateException("the root pom.xml has no version");
        }
        return version.group(1);
    }

    /** Those that Quarkus runs. */
    private List<String> services() throws IOException {
        try (Stream<Path> directories = Files.list(project.resolve("services"))) {
            return directories
                    .filter(each -> Files.exists(each.resolve("src/main/resources/application.properties")))
                    .map(each -> each.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static void settings(StringBuilder page, SettingsGroup group, Map<String, Map<String, String>> own) {
        List<String> readers = group.module().startsWith("services/")
                ? List.of(group.module().substring("services/".length()))
                : List.copyOf(own.keySet());
        page.append("\n## ").append(group.name()).append("\n\n").append(group.meaning());
        page.append(" In: ").append(String.join(", ", readers)).append(".\n\n");
        page.append("| key | environment variable | type | default | bounds | meaning |\n|---|---|---|---|---|---|\n");
        for (Setting setting : group.settings()) {
            List<String> defaults = new ArrayList<>();
            setting.initial().ifPresent(initial -> defaults.add("`" + initial + "`"));
            readers.stream()
                    .filter(reader -> own.get(reader).containsKey(setting.key()))
                    .forEach(reader -> defaults.add("`" + own.get(reader).get(setting.key()) + "` in the " + reader));
            page.append(Stream.of(
                            "`" + setting.key() + "`",
                            "`" + setting.variable() + "`",
                            setting.type(),
                            String.join("; ", defaults),
                            setting.bounds(),
                            setting.meaning())
                    .collect(Collectors.joining(" | ", "| ", " |\n")));
        }
    }

    private static void set(StringBuilder page, String whose, Map<String, String> values) {
        page.append("\n**Of ").append(whose).append(":**\n\n```properties\n");
        values.forEach((key, value) -> {
            if (!key.startsWith("tutelage.")) {
                page.append(key).append('=').append(value).append('\n');
            }
        });
        page.append("```\n");
    }

    /** In the order of the file. None of these files has values of several lines or escapes. */
    private Map<String, String> properties(String file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : Files.readAllLines(project.resolve(file))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                if (equals < 0 || line.contains("\\")) {
                    throw new IllegalStateException(file + ": not a plain line: " + line);
                }
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }
}
