package dev.tutelage.gateway.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketEventTest {

    @Test
    void creationsAreReadAndOtherEventsLeftAlone() throws Exception {
        String json = """
                {"EventName": "s3:ObjectCreated:Put", "Key": "camera/in/a b+c.png", "Records": [
                 {"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": "camera"},
                  "object": {"key": "in%2Fa+b%2Bc.png", "size": 7, "eTag": "e1", "sequencer": "1"}}},
                 {"eventName": "ObjectCreated:CompleteMultipartUpload", "s3": {"bucket": {"name": "zoo"},
                  "object": {"key": "day.tar", "eTag": "e2-3"}}},
                 {"eventName": "s3:ObjectRemoved:Delete", "s3": {"bucket": {"name": "zoo"},
                  "object": {"key": "old.tar"}}}]}""";
        assertThat(BucketEvent.read(json.getBytes(UTF_8)))
                .containsExactly(
                        new BucketEvent("camera", "in/a b+c.png", "e1"), new BucketEvent("zoo", "day.tar", "e2-3"));
    }

    @Test
    void aTestOfTheWayIsLeftAlone() throws Exception {
        String json = "{\"Bucket\": \"camera\", \"Event\": \"s3:TestEvent\", \"Service\": \"Amazon S3\"}";
        assertThat(BucketEvent.read(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void anEtagInQuotesIsTheSame() throws Exception {
        String json = """
                {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "zoo"},
                  "object": {"key": "1.png", "eTag": "\\"e1\\""}}}]}""";
        assertThat(BucketEvent.read(json.getBytes(UTF_8))).containsExactly(new BucketEvent("zoo", "1.png", "e1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"Records\": {}}",
                "{\"Records\": [7]}",
                "{\"Records\": []} {}",
                "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\"}]}",
                "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\", \"s3\": {\"bucket\": {\"name\": \"camera\"},"
                        + " \"object\": {\"key\": \"%zz\", \"eTag\": \"e\"}}}]}"
            })
    void whatIsNoNotificationIsSaidToBeSo(String json) {
        assertThatExceptionOfType(MalformedEventException.class)
                .isThrownBy(() -> BucketEvent.read(json.getBytes(UTF_8)));
    }
}
