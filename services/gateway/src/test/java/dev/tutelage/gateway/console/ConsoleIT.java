package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConsoleIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

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

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(gateway.request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Document page(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return Jsoup.parse(answer.body());
    }

    private void say(Message... facts) throws NotPublishedException {
        log.publish(List.of(facts));
    }

    private void awaitText(String path, String text) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(page(path).text()).contains(text));
    }

    @Test
    void aNewTaskSaysWhatToDoNext() throws Exception {
        say(story.declared());
        await().untilAsserted(
                        () -> assertThat(get("/tasks/" + task).statusCode()).isEqualTo(200));
        awaitText("/tasks/" + task, "There are no images to learn from yet");
        awaitText("/tasks/" + task + "/runs", "No such run");
        awaitText("/", task);
    }

    @Test
    void theOverviewTellsTheFlowAndWhatRunsAndWhy() throws Exception {
        say(
                story.declared(),
                story.shard(story.artifact("a"), 1200, false, Split.SPLIT_TRAIN),
                story.shard(story.artifact("b"), 30, true, Split.SPLIT_TRAIN),
                story.shard(story.artifact("c"), 200, true, Split.SPLIT_HELD_OUT),
                story.requested("pretrain-" + task, Stage.STAGE_PRETRAIN, "there are 1,200 images"),
                story.changed("pretrain-" + task, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED),
                story.progressed("pretrain-" + task, Stage.STAGE_PRETRAIN, 100),
                story.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7));
        log.publish(story.promoted("teacher", Role.ROLE_TEACHER, 73.7));
        awaitText("/tasks/" + task, "has become the teacher");
        awaitText("/tasks/" + task, "step 100 of 400");
        Document page = page("/tasks/" + task);
        Element flow = page.selectFirst("svg.wide");
        assertThat(flow.select("text.name").eachText())
                .containsExactly(
                        "Images", "Pretrain", "Fine-tune", "Teacher", "Soft labels", "Distill", "Student", "Labels");
        assertThat(flow.select("text.value").eachText())
                .containsExactly("1,200", "0 models", "1 model", "73.70 %", "0", "0 models", "–", "30");
        assertThat(flow.select("a.running text.note").eachText()).containsExactly("1 running");
        assertThat(page.text()).contains("Why: there are 1,200 images").contains("200 held-out images");
        assertThat(page.select("progress").attr("value")).isEqualTo("25");
    }

    @Test
    void aRunTellsItsStateReasonRecipeAndCurves() throws Exception {
        String run = "pretrain-" + task;
        say(story.declared(), story.requested(run, Stage.STAGE_PRETRAIN, "there are <i>many</i> images"));
        say(story.changed(run, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED));
        log.publish(IntStream.rangeClosed(1, 50)
                .mapToObj(step -> story.progressed(run, Stage.STAGE_PRETRAIN, step))
                .toList());
        String path = "/tasks/" + task + "/runs/" + run;
        await().untilAsserted(() -> assertThat(get(path).statusCode()).isEqualTo(200));
        awaitText(path, "Step 50 of 400");
        await().untilAsserted(() -> {
            Document page = page(path);
            assertThat(page.text())
                    .contains("It was asked for because there are <i>many</i> images.")
                    .contains("1,200 images came")
                    .contains("812 images/s")
                    .contains("1 min 35 s");
            assertThat(page.select("pre").text()).contains("\"epochs\" : 7");
            assertThat(page.select("main i")).isEmpty();
        });
    }

    @Test
    void runsAreComparedByRecipeResultsAndCurves() throws Exception {
        String one = "pretrain-1-" + task;
        String two = "pretrain-2-" + task;
        say(
                story.declared(),
                story.requested(one, Stage.STAGE_PRETRAIN, "it is due"),
                story.requested(two, Stage.STAGE_PRETRAIN, "it is due").toBuilder()
                        .setRecipe("{\"epochs\":9,\"temperature\":0.1,\"optimizer\":{\"kind\":\"lars\"}}")
                        .build(),
                story.changed(one, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED),
                story.changed(two, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_FAILED),
                story.progressed(one, Stage.STAGE_PRETRAIN, 10),
                story.progressed(one, Stage.STAGE_PRETRAIN, 20),
                story.progressed(two, Stage.STAGE_PRETRAIN, 20));
        String path = "/tasks/" + task + "/runs/compare";
        String query = "?run=" + one + "&run=" + two;
        await().untilAsserted(() -> assertThat(get(path + query).statusCode()).isEqualTo(200));
        await().untilAsserted(() -> assertThat(get(path + "/curves" + query).body())
                .contains("\"steps\":[10,20]")
                .contains("\"loss\":[[4.0,3.3333333333333335],[null,3.3333333333333335]]"));
        await().untilAsserted(() -> assertThat(
                        page(path + query).select("#sides tbody tr").eachText())
                .containsExactly("state running failed differs"));
        assertThat(page(path + query).select("#recipes tbody tr").eachText())
                .containsExactly("epochs 7 9 differs", "optimizer.kind – lars differs", "temperature 0.1 0.1 same");
        assertThat(page(path + query).text()).contains("2 fields of the recipes differ.");
        assertThat(page("/tasks/" + task + "/runs/" + one)
                        .select("form select[name=run] option")
                        .eachAttr("value"))
                .containsExactly(two);
        assertThat(get(path + "?run=" + one).statusCode()).isEqualTo(404);
        assertThat(get(path + "?run=" + one + "&run=none").statusCode()).isEqualTo(404);
    }

    @Test
    void newPointsOfACurveAreSentToAnOpenPage() throws Exception {
        String run = "pretrain-" + task;
        say(story.declared(), story.changed(run, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED));
        say(story.progressed(run, Stage.STAGE_PRETRAIN, 10));
        awaitText("/tasks/" + task + "/runs", run.substring(0, 17));
        HttpResponse<java.io.InputStream> stream = HTTP.send(
                gateway.request("/tasks/" + task + "/runs/" + run + "/events").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        List<String> points = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            boolean said = false;
            while (points.size() < 2) {
                String line = lines.readLine();
                if (line.startsWith("data:[[")) {
                    points.add(line.substring("data:".length()));
                }
                if (points.size() == 1 && !said) {
                    said = true;
                    say(story.progressed(run, Stage.STAGE_PRETRAIN, 20));
                }
            }
        }
        assertThat(points.get(0)).startsWith("[[10,4.0,");
        assertThat(points.get(1)).startsWith("[[20,");
    }

    @Test
    void runsArePagedFilteredAndFastWhenThereAreTenThousand() throws Exception {
        say(story.declared());
        for (int from = 0; from < 10_000; from += 1000) {
            log.publish(IntStream.range(from, from + 1000)
                    .mapToObj(i -> story.changed(
                            String.format("label-%08d", i),
                            Stage.STAGE_LABEL,
                            i % 10 == 0 ? RunState.RUN_STATE_FAILED : RunState.RUN_STATE_SUCCEEDED))
                    .toList());
        }
        String path = "/tasks/" + task + "/runs";
        awaitText(path, "1–50 of 10,000");
        Document first = page(path);
        assertThat(first.select("tbody tr")).hasSize(50);
        assertThat(page(first.select("a[rel=next]").attr("href")).text()).contains("51–100 of 10,000");
        assertThat(page(path + "?state=failed&stage=label").text()).contains("1–50 of 1,000");
        assertThat(page(path + "?stage=pretrain").text()).contains("No such run");
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            page(path + "?page=" + (i * 10 + 1));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin).dividedBy(20)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void whatDoesNotExistIsAPageThatSaysSo() throws Exception {
        HttpResponse<String> answer = get("/tasks/no-such-task/runs");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Jsoup.parse(answer.body()).text()).contains("No task named no-such-task was declared");
    }

    @Test
    void pagesRunNoScriptAndNoStyleButOurFiles() throws Exception {
        HttpResponse<String> answer = get("/");
        assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        Document page = Jsoup.parse(answer.body());
        assertThat(page.select("script:not([src]), style, [style], [onclick], [onload]"))
                .isEmpty();
        for (Element file : page.select("script[src], link[href]")) {
            String path = file.hasAttr("src") ? file.attr("src") : file.attr("href");
            assertThat(path).startsWith("/");
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
        }
        Matcher outside = Pattern.compile("https?://").matcher(answer.body());
        assertThat(outside.find()).isFalse();
    }
}
