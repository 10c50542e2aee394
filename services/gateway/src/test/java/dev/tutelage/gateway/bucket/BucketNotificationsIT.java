package dev.tutelage.gateway.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.TestImages;
import dev.tutelage.gateway.upload.UploadBench;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.fixture.Programs;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Topics;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An S3 service that tells Kafka itself what comes into its buckets: Versity's gateway, where it is on the PATH. */
@Tag("slow")
@EnabledIf("isThere")
class BucketNotificationsIT {
    private static final String PROGRAM = "versitygw";
    private static final String ACCESS = "tutelage-test";
    private static final String SECRET = "tutelage-secret";
    private static final String BUCKET = "camera";
    private static final String ARTIFACTS = "tutelage";

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 UNUSED = new LocalS3();

    @TempDir
    static Path directory;

    private static Process service;
    private static MinioClient s3;
    private static GatewayProcess gateway;

    static boolean isThere() {
        return Programs.isThere(PROGRAM);
    }

    @BeforeAll
    static void start() throws Exception {
        int port = freePort();
        service = new ProcessBuilder(
                        PROGRAM,
                        "--port",
                        "127.0.0.1:" + port,
                        "--access",
                        ACCESS,
                        "--secret",
                        SECRET,
                        "--event-kafka-url",
                        KAFKA.client().get("bootstrap.servers").toString(),
                        "--event-kafka-topic",
                        Topics.BUCKET_EVENTS,
                        "posix",
                        Files.createDirectory(directory.resolve("buckets")).toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("service.log").toFile())
                .start();
        String endpoint = "http://127.0.0.1:" + port;
        s3 = MinioClient.builder()
                .endpoint(endpoint)
                .region("us-east-1")
                .credentials(ACCESS, SECRET)
                .build();
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            s3.listBuckets();
            return true;
        });
        for (String bucket : List.of(BUCKET, ARTIFACTS)) {
            s3.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        }
        gateway = GatewayProcess.start(
                KAFKA,
                UNUSED,
                Map.of(
                        "tutelage.s3.endpoint", endpoint,
                        "tutelage.s3.access-key", ACCESS,
                        "tutelage.s3.secret-key", SECRET,
                        "tutelage.gateway.upload.linger", "200ms"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
        service.destroy();
        assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void put(String key, byte[] bytes) throws Exception {
        s3.putObject(PutObjectArgs.builder().bucket(BUCKET).object(key).stream(
                        new ByteArrayInputStream(bytes), bytes.length, -1)
                .build());
    }

    @Test
    void whatIsPutIntoTheBucketIsAShardSoonAndNothingIsDead() throws Exception {
        UploadBench bench = new UploadBench(KAFKA, UNUSED);
        Source source = Source.newBuilder()
                .setBucket(BUCKET)
                .setPrefix("in/")
                .setSplit(Split.SPLIT_TRAIN)
                .build();
        String task = bench.declare(List.of(source), gateway);
        put("in/one of them.png", TestImages.png(1));
        put("in/one of them.png", TestImages.png(1));
        put("in/day.zip", TestImages.zip(Map.of("2.png", TestImages.png(2), "3.png", TestImages.png(3))));
        put("elsewhere/4.png", TestImages.png(4));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(bench.shards(task).stream()
                        .mapToLong(ShardAdded::getImages)
                        .sum())
                .as("images; dead letters: %s; the service: %s", letters(), said())
                .isEqualTo(3));
        assertThat(letters()).isEmpty();
    }

    private static List<String> letters() {
        List<String> letters = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.DEAD_LETTERS))) {
            reader.readToEnd(letter -> letters.add(letter.fact().payload().toString()));
        }
        return letters;
    }

    private static String said() throws IOException {
        return Files.readString(directory.resolve("service.log"));
    }
}
