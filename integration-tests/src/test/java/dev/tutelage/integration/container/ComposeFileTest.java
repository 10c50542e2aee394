package dev.tutelage.integration.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for docker-compose.yml and the Containerfiles. */
class ComposeFileTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();

    /** What others read of a service's environment: Kafka's clients, Quarkus, OpenMP, and the command line. */
    private static final Set<String> OF_OTHERS = Set.of(
            "KAFKA_BOOTSTRAP_SERVERS",
            "QUARKUS_LOG_CONSOLE_JSON_ENABLED",
            "QUARKUS_OTEL_SDK_DISABLED",
            "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
            "GOMP_SPINCOUNT",
            "TUTELAGE_SERVER",
            "TUTELAGE_KEY");

    private static Compose compose() throws IOException {
        return Compose.read(PROJECT.resolve("docker-compose.yml"));
    }

    @Test
    void everyImageHasAVersion() throws Exception {
        assertThat(compose().services())
                .allSatisfy(
                        service -> assertThat(service.image()).matches(".+:.+").doesNotEndWith(":latest"));
    }

    @Test
    void whatLastsHasBoundsAndAHealthCheck() throws Exception {
        Set<String> jobs = Set.of("topics", "buckets", "keys", "cli");
        assertThat(compose().services())
                .filteredOn(service -> !jobs.contains(service.name()))
                .hasSizeGreaterThanOrEqualTo(13)
                .allSatisfy(service -> {
                    assertThat(service.healthCheck()).as(service.name()).isNotEmpty();
                    assertThat(service.resources()).as(service.name()).containsKey("limits");
                });
    }

    @Test
    void ourServicesMayWriteToTheirVolumesAlone() throws Exception {
        assertThat(compose().services())
                .filteredOn(service -> service.volumes().containsKey("/work"))
                .hasSize(9)
                .allSatisfy(service -> assertThat(service.readOnly()).isTrue());
    }

    /** A variable that no setting reads would be a mistake that nobody sees. */
    @Test
    void everyVariableOfAServiceIsASetting() throws Exception {
        Set<String> known = new TreeSet<>(DeclaredSettings.variables());
        known.addAll(OF_OTHERS);
        assertThat(compose().services())
                .filteredOn(service -> service.dockerfile().isPresent())
                .allSatisfy(service ->
                        assertThat(known).containsAll(service.environment().keySet()));
        for (String kind : List.of("service", "worker", "worker-cuda")) {
            assertThat(file(kind).environment().keySet())
                    .filteredOn(name -> name.startsWith("TUTELAGE_"))
                    .allSatisfy(name -> assertThat(known).contains(name));
        }
    }

    @Test
    void portsAreOpenToThisMachineAlone() throws Exception {
        assertThat(compose().services())
                .flatExtracting(Compose.Service::ports)
                .isNotEmpty()
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
    }

    @Test
    void nobodyIsRootAndAllImagesAreBuiltAlike() throws Exception {
        Set<String> builds = new TreeSet<>();
        for (String kind : List.of("service", "worker", "worker-cuda", "cli")) {
            assertThat(file(kind).user()).as(kind).isEqualTo("10001:10001");
            String text = Files.readString(PROJECT.resolve("services/Containerfile." + kind));
            int from = text.indexOf("FROM ");
            builds.add(text.substring(from, text.indexOf("FROM ", from + 1)).replaceFirst("(?s)(layers.sh\n).*", "$1"));
        }
        assertThat(builds).as("the stage that builds").hasSize(1);
    }

    @Test
    void whatIsNotKnownOfAContainerfileIsAnError(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("Containerfile");
        Files.writeString(
                file, "FROM a AS b\nVOLUME /x\nFROM c\nARG SERVICE\nENV A=\"b c\"\nCOPY --from=b /${SERVICE} /d\n");
        Containerfile read = Containerfile.read(file, Map.of("SERVICE", "s"));
        assertThat(read.base()).isEqualTo("c");
        assertThat(read.environment()).isEqualTo(Map.of("A", "b c"));
        assertThat(read.copies()).containsExactly(new Containerfile.Copy("b", "/s", "/d"));
        Files.writeString(file, "FROM c\nVOLUME /x\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Containerfile.read(file, Map.of()))
                .withMessageContaining("VOLUME /x");
    }

    private static Containerfile file(String kind) throws IOException {
        return Containerfile.read(PROJECT.resolve("services/Containerfile." + kind), Map.of("SERVICE", "labeler"));
    }
}
