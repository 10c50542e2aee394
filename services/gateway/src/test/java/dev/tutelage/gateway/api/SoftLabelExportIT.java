package dev.tutelage.gateway.api;

import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.control.softlabel.ParquetLabels;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.stored.SoftLabelBytes;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SoftLabelExportIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final String TASK = LocalKafka.unique("birds");
    private static final String TEACHER = digest("teacher");

    /** Two images, which are none: nobody looks at them. */
    private static byte[] tar() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (ShardWriter shard = new ShardWriter(tar)) {
            shard.add("../one", "a".getBytes(UTF_8), OptionalInt.empty());
            shard.add("one", "b".getBytes(UTF_8), OptionalInt.empty());
        }
        return tar.toByteArray();
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(UTF_8));
    }

    @TempDir
    private Path directory;

    @Test
    void theLabelsOfATeacherAreTextThatOtherProgramsRead() throws Exception {
        Artifact shard = S3.store().put(tar(), "shard.tar");
        String digest = shard.getDigest();
        byte[] file = SoftLabelBytes.of(List.of(digest("a"), digest("b")), new float[] {0, 0, 0, 100});
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(
                    TaskDeclared.newBuilder()
                            .setTask(TASK)
                            .addAllClasses(List.of("wren", "robin"))
                            .build(),
                    ShardAdded.newBuilder()
                            .setTask(TASK)
                            .setShard(shard)
                            .setImages(2)
                            .setSplit(Split.SPLIT_TRAIN)
                            .build(),
                    CheckpointPublished.newBuilder()
                            .setTask(TASK)
                            .setDigest(TEACHER)
                            .build(),
                    SoftLabelsAdded.newBuilder()
                            .setTask(TASK)
                            .setShard(digest)
                            .setTeacher(TEACHER)
                            .setImages(2)
                            .setLogits(S3.store().put(file, "soft-labels.safetensors"))
                            .build()));
            try (GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, Map.of())) {
                String path = "/api/tasks/" + TASK + "/soft-labels/export";
                when().get(gateway.at(path)).then().statusCode(400);
                log.publish(List.of(Promoted.newBuilder()
                        .setTask(TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint(TEACHER)
                        .build()));
                await().until(() -> when().get(gateway.at(path)).statusCode() == 200);
                assertThat(when().get(gateway.at(path))
                                .then()
                                .contentType("text/csv")
                                .extract()
                                .asString())
                        .startsWith("image,shard,teacher,class,confidence,p:wren,p:robin\n"
                                + digest("a") + "," + digest + "," + TEACHER + ",wren,0.5,0.5,0.5\n"
                                + digest("b") + "," + digest + "," + TEACHER + ",robin,1.0,");
                assertThat(when().get(gateway.at(path + "?min_confidence=0.9&class=robin&teacher=" + TEACHER))
                                .asString()
                                .lines())
                        .hasSize(2);
                byte[] parquet = when().get(gateway.at(path + "?format=parquet&class=robin"))
                        .then()
                        .contentType("application/vnd.apache.parquet")
                        .header("Content-Disposition", "attachment; filename=\"" + TASK + ".parquet\"")
                        .extract()
                        .asByteArray();
                Path stored = Files.write(directory.resolve("labels.parquet"), parquet);
                assertThat(ParquetLabels.count(stored)).isEqualTo(1);
                byte[] tar = when().get(gateway.at(path + "?format=webdataset"))
                        .then()
                        .contentType("application/x-tar")
                        .header("Content-Disposition", "attachment; filename=\"" + TASK + ".tar\"")
                        .extract()
                        .asByteArray();
                String second = digest + "/one~" + digest("b");
                assertThat(entries(tar))
                        .containsExactly(
                                digest + "/one.png",
                                digest + "/one.cls",
                                digest + "/one.json",
                                second + ".png",
                                second + ".cls",
                                second + ".json");
                when().get(gateway.at(path + "?format=xlsx")).then().statusCode(400);
                when().get(gateway.at(path + "?class=eagle")).then().statusCode(400);
                when().get(gateway.at(path + "?min_confidence=7")).then().statusCode(400);
                when().get(gateway.at(path + "?teacher=none")).then().statusCode(400);
                when().get(gateway.at("/api/tasks/none/soft-labels/export"))
                        .then()
                        .statusCode(404);
            }
        }
    }

    private static List<String> entries(byte[] bytes) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
            List<String> names = new ArrayList<>();
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
            return names;
        }
    }
}
