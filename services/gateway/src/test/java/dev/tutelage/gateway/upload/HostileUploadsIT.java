package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.upload.UploadBench.Answer;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files that were made to do harm, or came to harm. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileUploadsIT {
    private static final long SEED = 20260131;
    /** Clients; so many more connections than before may be open after all files, and no file of an upload. */
    private static final int AT_ONCE = 8;
    /** So much more than before may be on the heap after all files, in bytes; one bomb is 64 MiB, the heap 256 MiB. */
    private static final long HEAP_GROWTH = 16L << 20;

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final UploadBench bench = new UploadBench(KAFKA, S3);
    /** How long each file that was sent beside others took. */
    private final Map<String, Long> millis = new ConcurrentHashMap<>();

    private Path work;
    private GatewayProcess gateway;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        work = directory;
        gateway = GatewayProcess.start(
                KAFKA, S3, Map.of("tutelage.gateway.upload.linger", "10ms", "tutelage.work-dir", directory.toString()));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void whatNobodyHasAUseForIsAProblem() throws Exception {
        String task = bench.declare(gateway);
        for (HostileFile file : RefusedFiles.all()) {
            assertRefused(file.name(), post(task, file));
        }
        assertThat(bench.shards(task)).isEmpty();
        assertWorks();
    }

    @Test
    @Tag("slow")
    void whatIsChangedAtRandomOrLiesIsAnImageOrAProblemAndLeavesNothingBehind() throws Exception {
        String task = bench.declare(gateway);
        List<HostileFile> corpus = new ArrayList<>(FuzzedFiles.of(SEED));
        corpus.addAll(LyingImages.all());
        corpus.addAll(LyingArchives.all());
        corpus.addAll(LyingForms.all());
        assertThat(corpus).hasSizeGreaterThanOrEqualTo(200);
        // Whatever is loaded or opened once, and kept, is by these.
        List<HostileFile> originals = Collections.nCopies(AT_ONCE, FuzzedFiles.originals()).stream()
                .flatMap(List::stream)
                .toList();
        post(task, originals, (file, answer) -> assertThat(answer.status())
                .as(file.name())
                .isEqualTo(200));
        Footprint before = Footprint.of(gateway.pid());

        Map<String, Answer> taken = new TreeMap<>();
        post(task, corpus, (file, answer) -> {
            if (answer.status() == 200) {
                taken.put(file.name(), answer);
            } else {
                assertRefused(file.name(), answer);
            }
        });
        assertCanBeUsed(task, taken);
        assertWorks();
        await("descriptors are given back").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            List<String> open = Footprint.descriptors(gateway.pid());
            assertThat(inWork(open)).hasSameSizeAs(inWork(before.descriptors()));
            assertThat(open).hasSizeLessThanOrEqualTo(before.descriptors().size() + AT_ONCE);
        });
        Footprint after = Footprint.of(gateway.pid());
        System.out.printf(
                "HOSTILE %d files, %d taken; descriptors %d, then %d; heap %d KiB, then %d KiB; slowest %s%n",
                corpus.size(),
                taken.size(),
                before.descriptors().size(),
                after.descriptors().size(),
                before.heap() >> 10,
                after.heap() >> 10,
                Collections.max(millis.entrySet(), Map.Entry.comparingByValue()));
        assertThat(after.heap() - before.heap()).isLessThan(HEAP_GROWTH);
    }

    @Test
    void namesThatLeadElsewhereLeadNowhere() throws Exception {
        String task = bench.declare(gateway);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("../../../x.png", TestImages.png(1));
        files.put("/etc/passwd.png", TestImages.png(2));
        files.put("a\\..\\b.png", TestImages.png(3));
        files.put("z/../c.d.png", TestImages.png(4));
        Answer answer = post(task, HostileFile.of("names", HostileFile.ZIP, TestImages.zip(files)));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(bench.contents(bench.shards(task).get(0)))
                .containsOnlyKeys("a/b.png", "etc/passwd.png", "x.png", "z/c_d.png");

        files.keySet().removeIf(name -> name.startsWith("a") || name.startsWith("z"));
        files.put("z/../c.png", TestImages.png(5));
        String tars = bench.declare(gateway);
        answer = post(tars, HostileFile.of("names", HostileFile.TAR, TestImages.tar(files)));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(bench.contents(bench.shards(tars).get(0))).containsOnlyKeys("etc/passwd.png", "x.png", "z/c.png");
    }

    /** Every image that was taken can be read from its shard, and is called so that it leads nowhere. */
    private void assertCanBeUsed(String task, Map<String, Answer> taken) throws IOException {
        Map<String, byte[]> stored = new TreeMap<>();
        for (ShardAdded shard : bench.shards(task)) {
            bench.contents(shard).forEach((name, bytes) -> {
                assertThat(name).matches("[^/\\\\\\p{Cntrl}][^\\\\\\p{Cntrl}]*");
                assertThat(List.of(name.split("/", -1))).doesNotContain("..");
                if (!name.endsWith(".cls")) {
                    stored.put(Sha256.of(bytes), bytes);
                }
            });
        }
        taken.forEach((name, answer) -> assertThat(answer.texts("images", "digest"))
                .as(name)
                .isNotEmpty()
                .allSatisfy(digest -> assertThatCode(() -> ImageCodec.decode(stored.get(digest), TestImages.SHAPE))
                        .doesNotThrowAnyException()));
    }

    private void assertWorks() throws Exception {
        assertThat(RestAssured.get(gateway.at("/q/health/ready")).statusCode()).isEqualTo(200);
        String task = bench.declare(gateway);
        assertThat(post(task, HostileFile.of("image", HostileFile.PNG, TestImages.png(1)))
                        .status())
                .isEqualTo(200);
        await().untilAsserted(() ->
                assertThat(left()).noneMatch(file -> file.toString().endsWith(".images")));
    }

    private static void assertRefused(String name, Answer answer) {
        assertThat(answer.status()).as(name + " " + answer.body()).isBetween(400, 499);
        assertThat(answer.type()).as(name).startsWith("application/problem+json");
        assertThat(answer.body().path("title").asText()).as(name).isNotEmpty();
        assertThat(answer.body().path("detail").asText()).as(name).isNotEmpty().doesNotContain("Exception");
        answer.body().path("problems").forEach(problem -> assertThat(
                        problem.path("detail").asText())
                .as(name)
                .isNotEmpty()
                .doesNotContain("Exception"));
    }

    private Answer post(String task, HostileFile file) throws IOException, InterruptedException {
        return bench.post(
                gateway,
                "/api/tasks/" + task + "/images",
                file.type(),
                file.body().get());
    }

    /** Posts some at once, and takes the answers in their order. */
    private void post(String task, List<HostileFile> files, BiConsumer<HostileFile, Answer> taker) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Answer>> answers = new ArrayList<>();
            for (HostileFile file : files) {
                answers.add(clients.submit(() -> {
                    long start = System.nanoTime();
                    Answer answer = post(task, file);
                    millis.put(file.name(), (System.nanoTime() - start) / 1_000_000);
                    return answer;
                }));
            }
            for (int i = 0; i < files.size(); i++) {
                taker.accept(files.get(i), answers.get(i).get());
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** Files on the gateway's disk, removed ones too. */
    private List<String> inWork(List<String> open) {
        return open.stream().filter(each -> each.startsWith(work.toString())).toList();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> found = Files.walk(work)) {
            return found.toList();
        }
    }
}
