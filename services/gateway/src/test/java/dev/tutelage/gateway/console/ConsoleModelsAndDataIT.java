package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.stored.SoftLabelBytes;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConsoleModelsAndDataIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int IMAGES = 3;

    private static FactLog log;
    private static GatewayProcess gateway;

    private final String task = LocalKafka.unique("birds");
    private final Story story = new Story(task);

    @BeforeAll
    static void start() throws IOException {
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        log.close();
    }

    private static <T> HttpResponse<T> get(String path, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        return HTTP.send(gateway.request(path).build(), body);
    }

    private static Document page(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return Jsoup.parse(answer.body());
    }

    private static void awaitText(String path, String text) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(page(path).text()).contains(text));
    }

    private static void say(Message... facts) throws NotPublishedException {
        log.publish(List.of(facts));
    }

    /** An image of one grey. */
    private static byte[] image(int grey) {
        ImageShape shape = new ImageShape(3, Story.SIDE, Story.SIDE);
        byte[] pixels = new byte[shape.size()];
        Arrays.fill(pixels, (byte) grey);
        return ImageCodec.png(shape, pixels);
    }

    private static Artifact shard(boolean labeled) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(tar)) {
            for (int i = 0; i < IMAGES; i++) {
                writer.add("owl-" + i, image(40 * i), labeled ? OptionalInt.of(i) : OptionalInt.empty());
            }
        }
        return S3.store().put(tar.toByteArray(), "shard.tar");
    }

    @Test
    void modelsAreListedWithRolesAndTheirChartHasTheSameFigures() throws Exception {
        say(
                story.declared(),
                story.checkpoint("encoder", Stage.STAGE_PRETRAIN, "pretrain-x", "", 0),
                story.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "encoder", 73.7),
                story.checkpoint("student", Stage.STAGE_DISTILL, "distill-x", "teacher", 72.9));
        log.publish(story.promoted("teacher", Role.ROLE_TEACHER, 73.7));
        String path = "/tasks/" + task + "/models";
        awaitText(path, "the teacher");
        Document page = page(path);
        assertThat(page.select("tbody").get(0).select("tr").eachText().get(0)).contains("distill", "72.90 %");
        assertThat(page.text()).contains("it is better than nobody", "by the gate");
        assertThat(get(path + "/chart", HttpResponse.BodyHandlers.ofString()).body())
                .contains("\"teachers\":[73.7,null,null]")
                .contains("\"students\":[null,72.9,null]")
                .contains("\"teacher\":[null,null,73.7]")
                .contains("\"student\":[null,null,null]");
    }

    @Test
    void aModelTellsItsMetricsLineageJudgementRecallAndCard() throws Exception {
        Artifact card = S3.store().put("# A careful owl\n".getBytes(StandardCharsets.UTF_8), "model-card.md");
        CheckpointPublished teacher =
                story.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "encoder", 73.7).toBuilder()
                        .addFiles(card)
                        .build();
        say(
                story.declared(),
                story.checkpoint("encoder", Stage.STAGE_PRETRAIN, "pretrain-x", "", 0),
                teacher,
                story.checkpoint("student", Stage.STAGE_DISTILL, "distill-x", "teacher", 72.9));
        log.publish(story.promoted("teacher", Role.ROLE_TEACHER, 73.7));
        String path = "/tasks/" + task + "/models/" + teacher.getDigest();
        await().untilAsserted(() -> assertThat(
                        get(path, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200));
        awaitText(path, "As teacher: promoted");
        Document page = page(path);
        assertThat(page.select("a[href$=" + story.digest("encoder") + "]")).hasSize(1);
        assertThat(page.select("a[href$=" + story.digest("student") + "]")).hasSize(1);
        assertThat(page.text()).contains("A careful owl", "above the floor", "<b>owl</b> no image", "robin 55.5 %");
        assertThat(page.select("main b")).isEmpty();
    }

    @Test
    void aModelShowsWhatHeldOutImagesAreTakenForAndHowSureItIs() throws Exception {
        Artifact heldOut = S3.store()
                .put(
                        HeldOutBytes.of(new long[] {0, 0, 1, 2}, new float[] {9, 0, 0, 0, 9, 0, 0, 9, 0, 0, 0, 1}),
                        "held-out.safetensors");
        CheckpointPublished teacher =
                story.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 75).toBuilder()
                        .addFiles(heldOut)
                        .build();
        say(story.declared(), teacher);
        String path = "/tasks/" + task + "/models/" + teacher.getDigest();
        await().untilAsserted(() -> assertThat(
                        get(path, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200));
        Document page = page(path);
        assertThat(page.select(".matrix tbody tr").eachText())
                .containsExactly("wren 1 1 0 50.00 %", "robin 0 1 0 100.00 %", "<b>owl</b> 0 0 1 100.00 %");
        assertThat(page.text()).contains("wren is taken for robin: 1 of 2");
        // e / (e + 2) is 57.61 %; e^9 / (e^9 + 2) is 99.98 %, and one of those three is wrong.
        assertThat(page.select("#bins tbody tr").eachText())
                .containsExactly("53.33 % to 60.00 % 1 57.61 % 100.00 %", "93.33 % to 100.00 % 3 99.98 % 66.67 %");
        assertThat(page.select(".reliability rect.share")).hasSize(2);
    }

    @Test
    void aStudentTellsItsLineageAsAPictureAndInWords() throws Exception {
        CheckpointPublished encoder = story.checkpoint("encoder", Stage.STAGE_PRETRAIN, "pretrain-x", "", 0).toBuilder()
                .setDataset(story.digest("images"))
                .build();
        say(
                story.declared(),
                encoder,
                story.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "encoder", 73.7),
                story.checkpoint("student", Stage.STAGE_DISTILL, "distill-x", "teacher", 72.9),
                SoftLabelsAdded.newBuilder()
                        .setTask(task)
                        .setShard(story.digest("a"))
                        .setTeacher(story.digest("teacher"))
                        .setImages(90)
                        .build());
        String models = "/tasks/" + task + "/models/";
        await().untilAsserted(
                        () -> assertThat(get(models + story.digest("student"), HttpResponse.BodyHandlers.ofString())
                                        .statusCode())
                                .isEqualTo(200));
        awaitText(models + story.digest("student") + "/lineage", "Soft labels by");
        Document page = page(models + story.digest("student") + "/lineage");
        assertThat(page.select("svg text.name").eachText())
                .containsExactlyInAnyOrder("distill", "fine-tune", "Soft labels", "pretrain", "Dataset");
        assertThat(page.select("svg a[href$=" + story.digest("teacher") + "]")).hasSize(1);
        assertThat(page.select("main li").eachText())
                .hasSize(5)
                .anyMatch(line -> line.contains("learned from the teacher"));
        assertThat(get(models + "none/lineage", HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void driftIsToldWithItsTests() throws Exception {
        say(story.declared(), story.shard(story.artifact("a"), 180, false, Split.SPLIT_TRAIN));
        awaitText("/tasks/" + task + "/drift", "No drift was detected");
        say(story.drifted("teacher", "a", "b"));
        awaitText("/tasks/" + task + "/drift", "it is less <i>sure</i>");
        Document page = page("/tasks/" + task + "/drift");
        assertThat(page.text())
                .contains("Window 3 of the teacher", "360 images", "compared with the teacher's first window");
        assertThat(page.select("tbody tr").eachText().get(0)).contains("0.5123 0.2500 fires");
        assertThat(page.select("tbody tr").eachText().get(1)).contains("0.1250 0.2500 quiet");
        assertThat(page.select("a[href$=" + story.digest("a") + "]")).hasSize(1);
        assertThat(page.select("a[href$=" + story.digest("b") + "]")).isEmpty();
    }

    @Test
    void aShardShowsItsImages() throws Exception {
        Artifact shard = shard(true);
        say(story.declared(), story.shard(shard, IMAGES, true, Split.SPLIT_TRAIN));
        String path = "/tasks/" + task + "/data";
        awaitText(path, "3 images in 1 shard");
        Document page = page(path + "/" + shard.getDigest());
        assertThat(page.select(".images span").eachText())
                .containsExactly("owl-0: wren", "owl-1: robin", "owl-2: <b>owl</b>");
        HttpResponse<byte[]> png =
                get(page.select(".images img").get(2).attr("src"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(png.headers().firstValue("cache-control").orElse("")).contains("immutable");
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(png.body()));
        assertThat(decoded.getWidth()).isEqualTo(Story.SIDE);
        assertThat(decoded.getRGB(3, 3) & 0xff).isEqualTo(80);
        assertThat(get(path + "/" + shard.getDigest() + "/3.png", HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aShardThatIsGoneSaysSo() throws Exception {
        Artifact gone = story.artifact("gone");
        say(story.declared(), story.shard(gone, 7, false, Split.SPLIT_TRAIN));
        awaitText("/tasks/" + task + "/data", "7 images in 1 shard");
        assertThat(page("/tasks/" + task + "/data/" + gone.getDigest()).text()).contains("there is no such object");
    }

    @Test
    void softLabelsStandBesideTheirImagesTheLeastSureFirst() throws Exception {
        Artifact shard = shard(false);
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            digests.add(Digest.of(image(40 * i)).hex());
        }
        Artifact logits = S3.store()
                .put(SoftLabelBytes.of(digests, new float[] {9, 0, 0, 0, 1, 0, 0, 0, 4}), "soft-labels.safetensors");
        say(
                story.declared(),
                story.shard(shard, IMAGES, false, Split.SPLIT_TRAIN),
                SoftLabelsAdded.newBuilder()
                        .setTask(task)
                        .setShard(shard.getDigest())
                        .setTeacher(story.digest("teacher"))
                        .setViews(1)
                        .setImages(IMAGES)
                        .setLinked(2)
                        .setLogits(logits)
                        .setQuality(SoftLabelQuality.newBuilder()
                                .setMeanConfidence(0.75)
                                .setMeanEntropy(0.5))
                        .build());
        String path = "/tasks/" + task + "/labels";
        awaitText(path, "3 labeled, 2 duplicates");
        awaitText("/tasks/" + task + "/data", "3 labeled, 2 duplicates");
        String detail = path + "/" + shard.getDigest();
        awaitText(detail, "robin");
        Document page = page(detail);
        // The likeliest class has e / (e + 2), e^4 / (e^4 + 2), e^9 / (e^9 + 2).
        assertThat(page.select(".labelled h2").eachText())
                .containsExactly("robin, 57.61 %", "<b>owl</b>, 96.47 %", "wren, 99.98 %");
        assertThat(page.select(".labelled img").eachAttr("src").get(0)).endsWith("/1.png");
        assertThat(page(detail + "?order=most")
                        .select(".labelled h2")
                        .eachText()
                        .get(0))
                .startsWith("wren");
    }

    @Test
    void healthTellsServicesAndDeadLettersWithTheirCause() throws Exception {
        String reason = "Shard of " + task + " cannot be read";
        say(DeadLettered.newBuilder()
                .setTask(task)
                .setRunId("label-0123")
                .setService("labeler")
                .setReason(reason)
                .setSourceTopic("tutelage.label-requests")
                .build());
        awaitText("/health", reason);
        assertThat(page("/health").text()).contains("/tutelage/test", "tutelage.label-requests-0@0");
    }
}
