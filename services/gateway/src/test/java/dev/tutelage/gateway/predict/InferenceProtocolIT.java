package dev.tutelage.gateway.predict;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Open Inference Protocol of the gateway as it is packaged, byte by byte. */
@Timeout(120)
class InferenceProtocolIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    static Path folder;

    private static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final int IMAGES = 3;
    private static final int VALUES = RandomStudent.SHAPE.size();

    private static GatewayProcess gateway;
    private static RandomStudent student;
    private static RandomStudent other;
    private static String young;
    private static float[] values;

    /** Logits and probabilities, as the model that is run directly says. */
    private static float[] logits;

    private static float[] probabilities;

    @BeforeAll
    static void start() throws Exception {
        String task = LocalKafka.unique("birds");
        young = LocalKafka.unique("young");
        student = RandomStudent.stored(task, 1, folder, S3.store());
        other = RandomStudent.stored(task, 2, folder, S3.store());
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(
                    TaskDeclared.newBuilder().setTask(task).build(),
                    TaskDeclared.newBuilder().setTask(young).build()));
            student.publish(log);
            other.publish(log);
            student.promote(log);
        }
        gateway = GatewayProcess.start(
                KAFKA,
                S3,
                Map.of(
                        "ai.djl.offline",
                        "true",
                        "tutelage.work-dir",
                        folder.resolve("work").toString()));
        await().untilAsserted(() ->
                when().get(at(task, "/ready")).then().statusCode(200).body("version", equalTo(student.digest())));
        predictDirectly();
    }

    private static void predictDirectly() throws Exception {
        Random random = new Random(5);
        values = new float[IMAGES * VALUES];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        DirectModel direct = new DirectModel(student.model());
        logits = direct.logits(values, IMAGES);
        probabilities = new float[logits.length];
        int classes = RandomStudent.CLASSES.size();
        for (int image = 0; image < IMAGES; image++) {
            double[] row = direct.probabilities(Arrays.copyOfRange(values, image * VALUES, (image + 1) * VALUES));
            for (int c = 0; c < classes; c++) {
                probabilities[image * classes + c] = (float) row[c];
            }
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void jsonTensorsAreAnsweredAsTheModelDoesFlatOrNested() {
        for (String data : List.of(flat(), nested())) {
            JsonPath answer = json("{\"id\": \"42\", \"inputs\": [" + input("\"data\": " + data) + "]}")
                    .post(at(student.task(), "/infer"))
                    .then()
                    .statusCode(200)
                    .contentType("application/json")
                    .extract()
                    .jsonPath();
            assertThat(answer.getString("model_name")).isEqualTo(student.task());
            assertThat(answer.getString("model_version")).isEqualTo(student.digest());
            assertThat(answer.getString("id")).isEqualTo("42");
            assertThat(answer.getList("outputs.name")).containsExactly("logits", "probabilities");
            assertThat(answer.getList("outputs.datatype")).containsOnly("FP32");
            assertThat(answer.getList("outputs[0].shape")).isEqualTo(List.of(IMAGES, 3));
            assertThat(floats(answer, 0)).containsExactly(logits, within(1e-5f));
            assertThat(floats(answer, 1)).containsExactly(probabilities, within(1e-5f));
        }
    }

    @Test
    void onlyTheOutputsThatAreWantedAreAnswered() {
        json("{\"inputs\": [" + input("\"data\": " + flat()) + "], \"outputs\": [{\"name\": \"probabilities\"}]}")
                .post(at(student.task(), "/infer"))
                .then()
                .statusCode(200)
                .body("outputs.name", equalTo(List.of("probabilities")));
    }

    @Test
    void bytesInAndOutAreTheSameNumbers() throws IOException {
        String head = "{\"parameters\": {\"binary_data_output\": true}, \"inputs\": ["
                + input("\"parameters\": {\"binary_data_size\": " + values.length * Float.BYTES + "}") + "]}";
        Response answer = binary(head).post(at(student.task(), "/infer"));
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        byte[] body = answer.asByteArray();
        int length = Integer.parseInt(answer.header(JSON_LENGTH));
        JsonPath json = JsonPath.from(new String(body, 0, length, StandardCharsets.UTF_8));
        assertThat(json.getList("outputs.parameters.binary_data_size"))
                .isEqualTo(List.of(logits.length * Float.BYTES, logits.length * Float.BYTES));
        ByteBuffer tensors = ByteBuffer.wrap(body, length, body.length - length).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats(tensors, logits.length)).containsExactly(logits, within(1e-5f));
        assertThat(floats(tensors, logits.length)).containsExactly(probabilities, within(1e-5f));
        assertThat(tensors.hasRemaining()).isFalse();
    }

    @Test
    void oneOutputMayBeBytesAndAnotherJson() {
        Response answer = json("{\"inputs\": [" + input("\"data\": " + flat())
                        + "], \"outputs\": [{\"name\": \"probabilities\"}, {\"name\": \"logits\", \"parameters\":"
                        + " {\"binary_data\": true}}]}")
                .post(at(student.task(), "/infer"));
        byte[] body = answer.asByteArray();
        int length = Integer.parseInt(answer.header(JSON_LENGTH));
        JsonPath json = JsonPath.from(new String(body, 0, length, StandardCharsets.UTF_8));
        assertThat(json.getList("outputs.name")).containsExactly("probabilities", "logits");
        assertThat(floats(json, 0)).containsExactly(probabilities, within(1e-5f));
        ByteBuffer tensors = ByteBuffer.wrap(body, length, body.length - length).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats(tensors, logits.length)).containsExactly(logits, within(1e-5f));
    }

    @Test
    void modelsAndVersionsTellWhatTheyTake() {
        when().get(gateway.at("/v2")).then().statusCode(200).body("extensions", hasItem("binary_tensor_data"));
        when().get(gateway.at("/v2/health/live")).then().statusCode(200).body("live", equalTo(true));
        when().get(gateway.at("/v2/health/ready")).then().statusCode(200).body("ready", equalTo(true));
        when().get(at(student.task(), ""))
                .then()
                .statusCode(200)
                .body("name", equalTo(student.task()))
                .body("versions", hasItems(student.digest(), other.digest()))
                .body("versions[0]", equalTo(student.digest()))
                .body("inputs[0].name", equalTo("images"), "inputs[0].shape", equalTo(List.of(-1, 1, 12, 10)))
                .body("outputs.name", equalTo(List.of("logits", "probabilities")))
                .body("outputs[0].shape", equalTo(List.of(-1, 3)))
                .body("parameters.classes", equalTo(RandomStudent.CLASSES));
        String version = "/versions/" + other.digest().substring(0, 8);
        when().get(at(student.task(), version + "/ready")).then().statusCode(200);
        when().get(at(student.task(), version))
                .then()
                .statusCode(200)
                .body("parameters.version", equalTo(other.digest()));
        json("{\"inputs\": [" + input("\"data\": " + flat()) + "]}")
                .post(at(student.task(), version + "/infer"))
                .then()
                .statusCode(200)
                .body("model_version", equalTo(other.digest()));
    }

    @Test
    void whatIsNotThereIsAnErrorOfTheProtocol() {
        for (String path : List.of("/ready", "", "/versions/1/ready")) {
            when().get(at("no-such-model", path)).then().statusCode(404).body("error", containsString("no-such-model"));
        }
        when().get(at(student.task(), "/versions/zz"))
                .then()
                .statusCode(404)
                .body("error", containsString("no checkpoint zz"));
        when().get(at(young, "/ready")).then().statusCode(409).body("error", containsString("no student yet"));
        when().get(gateway.at("/v2/repository/index")).then().statusCode(404).body("error", containsString("/v2/repo"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": [                                                                | is not the JSON
            null                                                                        | is null
            {}                                                                          | there must be one, 'images'
            {"inputs": [{"name": "input", "datatype": "FP32", "shape": [1,1,12,10]}]}   | there must be one, 'images'
            {"inputs": [{"name": "images", "datatype": "FP64", "shape": [1,1,12,10]}]}  | must be FP32
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,10,12]}]}  | must be [N, 1, 12, 10]
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [0,1,12,10]}]}  | must be [N, 1, 12, 10]
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [99999999999,1,12,10]}]} | must be [N, 1, 12, 10]
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,12,10]}]}  | either data or
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,12,10], "data": [1, 2]}]} | has 2 values
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,12,10], "data": [1, "x"]}]} | array of numbers
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,12,10], "data": [1, [2]}]} | is not the JSON
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,12,10], "parameters": {"binary_data_size": 480}}]} | 0 bytes follow
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [1,1,12,10], "parameters": {"binary_data_size": -1}}]} | number of bytes
            {"inputs": [null]}                                                          | must not have a null
            {"inputs": [{"name": "images", "datatype": "FP32", "shape": [null]}]}       | must not have a null
            {"inputs": 7}                                                               | is not the JSON
            {"outputs": [{"name": "features"}]}                                         | there is no 'features'
            {"outputs": [{"name": "logits", "parameters": {"classification": 2}}]}      | classification
            """)
    void whatIsNoRequestIsAnErrorThatSaysWhere(String request, String error) {
        json(request)
                .post(at(student.task(), "/infer"))
                .then()
                .statusCode(400)
                .contentType("application/json")
                .body("error", containsString(error));
    }

    @Test
    void headersThatDoNotFitTheBodyAreErrors() {
        for (String length : List.of("-1", "100000", "many")) {
            given().header(JSON_LENGTH, length)
                    .body("{}".getBytes(StandardCharsets.UTF_8))
                    .post(at(student.task(), "/infer"))
                    .then()
                    .statusCode(400)
                    .body("error", containsString(JSON_LENGTH + " is"));
        }
    }

    private static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static RequestSpecification binary(String head) throws IOException {
        ByteBuffer tensor = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        tensor.asFloatBuffer().put(values);
        byte[] json = head.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(json);
        body.write(tensor.array());
        return given().contentType("application/octet-stream")
                .header(JSON_LENGTH, json.length)
                .body(body.toByteArray());
    }

    private static String input(String content) {
        return "{\"name\": \"images\", \"datatype\": \"FP32\", \"shape\": [" + IMAGES + ", 1, 12, 10], " + content
                + "}";
    }

    private static String flat() {
        return Arrays.toString(values);
    }

    private static String nested() {
        List<Object> images = new ArrayList<>();
        for (int image = 0; image < IMAGES; image++) {
            List<Object> rows = new ArrayList<>();
            for (int row = 0; row < 12; row++) {
                int from = image * VALUES + row * 10;
                rows.add(Arrays.toString(Arrays.copyOfRange(values, from, from + 10)));
            }
            images.add(Collections.singletonList(rows));
        }
        return images.toString();
    }

    private static float[] floats(JsonPath answer, int output) {
        List<Float> data = answer.getList("outputs[" + output + "].data", Float.class);
        float[] floats = new float[data.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = data.get(i);
        }
        return floats;
    }

    private static float[] floats(ByteBuffer bytes, int number) {
        float[] floats = new float[number];
        for (int i = 0; i < number; i++) {
            floats[i] = bytes.getFloat();
        }
        return floats;
    }

    private static URI at(String task, String path) {
        return gateway.at("/v2/models/" + task + path);
    }
}
