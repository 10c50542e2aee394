package dev.tutelage.gateway.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.TaskDeclared;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TakenObjectTest {
    private static final Source ALL = source("", false, "");
    private static final Source LABELED = source("in/labeled/", true, "");
    private static final Source WRENS = source("wrens/", true, "wren");
    private static final TaskDeclared BIRDS = task("birds", ALL, LABELED, WRENS);

    private static Source source(String prefix, boolean labeled, String label) {
        return Source.newBuilder()
                .setBucket("camera")
                .setPrefix(prefix)
                .setLabeled(labeled)
                .setLabel(label)
                .build();
    }

    private static TaskDeclared task(String name, Source... sources) {
        return TaskDeclared.newBuilder()
                .setTask(name)
                .addAllSources(List.of(sources))
                .build();
    }

    private static List<TakenObject> of(String key) {
        return TakenObject.of(new BucketEvent("camera", key, "etag"), List.of(BIRDS));
    }

    @Test
    void theSourceWithTheLongestPrefixCounts() {
        assertThat(of("in/1.png")).extracting(TakenObject::source).containsExactly(ALL);
        assertThat(of("in/labeled/wren/1.png")).extracting(TakenObject::source).containsExactly(LABELED);
        assertThat(TakenObject.of(new BucketEvent("zoo", "in/1.png", "etag"), List.of(BIRDS)))
                .isEmpty();
    }

    @Test
    void eachTaskGetsItThatWantsIt() {
        assertThat(TakenObject.of(
                        new BucketEvent("camera", "1.png", "etag"), List.of(BIRDS, task("none"), task("planes", ALL))))
                .extracting(object -> object.task().getTask())
                .containsExactly("birds", "planes");
    }

    @Test
    void imagesAndArchivesAreTakenByTheirNames() {
        assertThat(List.of("1.png", "2.JPG", "3.gif", "a.zip", "a.tar", "a.tar.gz", "a.tgz"))
                .allSatisfy(key -> assertThat(of(key)).hasSize(1));
        assertThat(List.of("read.me", "in/", ".hidden.png", "a.gz", "png"))
                .allSatisfy(key -> assertThat(of(key)).isEmpty());
    }

    @Test
    void theLabelIsThatOfTheSourceOrOfTheFolderOfASingleImage() {
        assertThat(of("in/1.png").get(0).label()).isEmpty();
        assertThat(of("in/labeled/robin/today/1.png").get(0).label()).contains("robin");
        assertThat(of("in/labeled/robin/day.tar").get(0).label()).isEmpty();
        assertThat(of("wrens/1.png").get(0).label()).contains("wren");
        assertThat(of("wrens/day.tar").get(0).label()).contains("wren");
    }

    @Test
    void theUploadKeyIsOfThePlaceAndTheBytes() {
        assertThat(of("in/1.png").get(0).uploadKey()).isEqualTo("s3://camera/in/1.png#etag");
        Optional<String> longKey = of("x".repeat(1_000) + ".png").stream()
                .map(TakenObject::uploadKey)
                .findFirst();
        assertThat(longKey)
                .hasValueSatisfying(key -> assertThat(key).hasSize(67).startsWith("s3:"));
    }
}
