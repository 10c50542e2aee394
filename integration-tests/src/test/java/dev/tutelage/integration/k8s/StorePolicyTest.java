package dev.tutelage.integration.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tutelage.platform.privilege.Principal;
import dev.tutelage.platform.privilege.StorePrivileges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the policies of MinIO and AWS what the code says. {@code -Dtutelage.write-docs=true} writes them anew. */
class StorePolicyTest {
    private static final Path POLICIES = Path.of(System.getProperty("tutelage.home", ".."))
            .toAbsolutePath()
            .resolve("k8s/components/minio/policies");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static Iterable<Principal> services() {
        return Principal.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyServiceHasThePolicyOfTheCode(Principal service) throws Exception {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("Version", "2012-10-17");
        policy.put("Statement", StorePrivileges.of(service).statements("tutelage"));
        String text = JSON.writeValueAsString(policy) + "\n";
        Path file = POLICIES.resolve(service.text() + ".json");
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file)).isEqualTo(text);
    }
}
