package dev.tutelage.integration.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.platform.fixture.Programs;
import dev.tutelage.platform.privilege.Principal;
import dev.tutelage.platform.privilege.StorePrivileges;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.SetBucketPolicyArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;

/**
 * A real S3 service (Versity's gateway to a directory) by TLS, with an access key for each service, and the policies of {@link
 * StorePrivileges}. Its policies are buckets' and name whom they are for; otherwise they are those of AWS and MinIO.
 */
final class SecuredStore implements AutoCloseable {
    static final String BUCKET = "tutelage";
    private static final String PROGRAM = "versitygw";
    private static final String SUPER = "root";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Authority authority;
    private final Process process;
    private final int port;

    private SecuredStore(Authority authority, Process process, int port) {
        this.authority = authority;
        this.process = process;
        this.port = port;
    }

    /** Leaves a test out where the program is not, and says how it is got; where all programs must be, that is a failure. */
    static void require() {
        boolean isThere = Programs.isThere(PROGRAM);
        String how = PROGRAM + " is not on the PATH. Get it by go install"
                + " github.com/versity/versitygw/cmd/versitygw@v1.8.0";
        if (Boolean.parseBoolean(System.getenv("TUTELAGE_ALL_PROGRAMS"))) {
            assertThat(isThere).as(how).isTrue();
        }
        assumeTrue(isThere, how);
    }

    static SecuredStore start(Path directory, Authority authority, Authority.Server certificate) throws Exception {
        int port = Ports.free();
        Path objects = Files.createDirectories(directory.resolve("objects"));
        Path about = Files.createDirectories(directory.resolve("about"));
        Path users = Files.createDirectories(directory.resolve("users"));
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "--port",
                        "127.0.0.1:" + port,
                        "--access",
                        SUPER,
                        "--secret",
                        secret(SUPER),
                        "--cert",
                        certificate.certificate().toString(),
                        "--key",
                        certificate.key().toString(),
                        "--iam-dir",
                        users.toString(),
                        "--quiet",
                        "posix",
                        "--sidecar",
                        about.toString(),
                        objects.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("store.log").toFile())
                .start();
        SecuredStore store = new SecuredStore(authority, process, port);
        await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            authority.shownAt(port);
            return true;
        });
        MinioClient all = store.client(SUPER);
        all.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        for (Principal service : Principal.services()) {
            store.addUser(service.text());
        }
        all.setBucketPolicy(
                SetBucketPolicyArgs.builder().bucket(BUCKET).config(policy()).build());
        return store;
    }

    private static String policy() throws IOException {
        List<Map<String, Object>> statements = new ArrayList<>();
        for (Principal service : Principal.services()) {
            for (Map<String, Object> each : StorePrivileges.of(service).statements(BUCKET)) {
                Map<String, Object> statement = new LinkedHashMap<>(each);
                statement.put("Principal", Map.of("AWS", List.of(service.text())));
                statements.add(statement);
            }
        }
        return new JsonMapper().writeValueAsString(Map.of("Version", "2012-10-17", "Statement", statements));
    }

    private void addUser(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        PROGRAM,
                        "admin",
                        "--allow-insecure",
                        "--access",
                        SUPER,
                        "--secret",
                        secret(SUPER),
                        "--endpoint-url",
                        endpoint(),
                        "create-user",
                        "--access",
                        name,
                        "--secret",
                        secret(name),
                        "--role",
                        "user")
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("There is no user " + name + " in the store: " + status);
        }
    }

    /** The secret key that belongs to an access key. */
    static String secret(String user) {
        return user + "-secret-key";
    }

    String endpoint() {
        return "https://127.0.0.1:" + port;
    }

    /** A client that may do everything. */
    MinioClient superUser() throws Exception {
        return client(SUPER);
    }

    /** A client with a service's access key. */
    MinioClient client(Principal service) throws Exception {
        return client(service.text());
    }

    private MinioClient client(String user) throws Exception {
        return MinioClient.builder()
                .endpoint(endpoint())
                .region("us-east-1")
                .credentials(user, secret(user))
                .httpClient(new OkHttpClient.Builder()
                        .sslSocketFactory(authority.tls().getSocketFactory(), authority.trust())
                        .build())
                .build();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
