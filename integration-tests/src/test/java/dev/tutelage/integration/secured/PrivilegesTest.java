package dev.tutelage.integration.secured;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the services' properties have them touch is what they may touch. */
class PrivilegesTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();
    private static final String UNIQUE = "-0123";

    private static Iterable<Principal> services() {
        return Principal.services();
    }

    private static Properties settings(Principal service) throws IOException {
        Properties settings = new Properties();
        for (String file : List.of(
                "libs/platform/src/main/resources/META-INF/microprofile-config.properties",
                "services/" + service.text() + "/src/main/resources/application.properties")) {
            try (Reader properties = Files.newBufferedReader(PROJECT.resolve(file))) {
                settings.load(properties);
            }
        }
        return settings;
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyChannelIsAllowedItsTopics(Principal service) throws IOException {
        KafkaPrivileges may = KafkaPrivileges.of(service);
        Properties settings = settings(service);
        for (String name : settings.stringPropertyNames()) {
            List<String> topics = List.of(settings.getProperty(name).split(","));
            if (name.matches("mp\\.messaging\\.incoming\\..*\\.topics?")) {
                assertThat(may.reads()).as(name).containsAll(topics);
            } else if (name.matches("mp\\.messaging\\.outgoing\\..*\\.topic") && service != Principal.GATEWAY) {
                assertThat(may.writes()).as(name).containsAll(topics);
            }
        }
    }

    /** Nobody reads more than its channels do, but the gateway, which looks requests for labels up. */
    @ParameterizedTest
    @MethodSource("services")
    void nothingIsReadThatNoChannelReads(Principal service) throws IOException {
        Properties settings = settings(service);
        List<String> configured = settings.stringPropertyNames().stream()
                .filter(name -> name.matches("mp\\.messaging\\.incoming\\..*\\.topics?"))
                .flatMap(name -> List.of(settings.getProperty(name).split(",")).stream())
                .toList();
        assertThat(KafkaPrivileges.of(service).reads())
                .filteredOn(topic -> service != Principal.GATEWAY
                        || !List.of("tutelage.label-requests", "tutelage.relabel-requests")
                                .contains(topic))
                .isSubsetOf(configured);
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyChannelIsAllowedItsGroup(Principal service) throws IOException {
        Properties settings = settings(service);
        for (String name : settings.stringPropertyNames()) {
            String channel = name.replaceAll("^mp\\.messaging\\.incoming\\.|\\.group\\.id$", "");
            boolean isConnected = settings.containsKey("mp.messaging.incoming." + channel + ".topic")
                    || settings.containsKey("mp.messaging.incoming." + channel + ".topics");
            if (name.endsWith(".group.id") && isConnected) {
                String group = settings.getProperty(name)
                        .replace("${quarkus.application.name}", service.text())
                        .replace("-${quarkus.uuid}", UNIQUE);
                assertThat(KafkaPrivileges.of(service).groups())
                        .as(name + "=" + group)
                        .anyMatch(own -> own.isPrefix()
                                ? group.startsWith(own.text())
                                : own.text().equals(group));
            }
        }
    }
}
