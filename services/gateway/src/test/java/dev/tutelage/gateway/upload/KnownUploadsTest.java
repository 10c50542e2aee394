package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KnownUploadsTest {
    private final KnownUploads known = new KnownUploads(2);

    @Test
    void anUploadIsFoundByTaskAndKey() {
        add(0, "birds", "k", "u1");
        assertThat(known.find("birds", "k")).map(UploadAccepted::getUpload).contains("u1");
        assertThat(known.find("fish", "k")).isEmpty();
        assertThat(known.find("birds", "other")).isEmpty();
    }

    @Test
    void theFirstOfAKeyCountsHoweverManyReadersTell() {
        add(0, "birds", "k", "u1");
        add(3, "birds", "k", "u2");
        add(0, "birds", "k", "u1");
        assertThat(known.find("birds", "k")).map(UploadAccepted::getUpload).contains("u1");
        assertThat(known.next()).containsEntry(new TopicPartition(Topic.UPLOADS.topicName(), 0), 4L);
    }

    @Test
    void theOldestKeyIsForgottenWhenThereAreTooMany() {
        add(0, "birds", "k1", "u1");
        add(1, "birds", "k2", "u2");
        add(2, "birds", "", "without a key");
        assertThat(known.find("birds", "k1")).isPresent();
        add(3, "birds", "k3", "u3");
        assertThat(known.find("birds", "k1")).isEmpty();
        assertThat(known.find("birds", "k2")).isPresent();
        assertThat(known.find("birds", "k3")).isPresent();
    }

    @Test
    void labelsThatPeopleGaveAreNotPushedOutByOtherUploads() {
        add(0, "birds", "label abc", "u1");
        add(1, "birds", "k1", "u2");
        add(2, "birds", "k2", "u3");
        add(3, "birds", "k3", "u4");
        assertThat(known.find("birds", "label abc")).isPresent();
        assertThat(known.find("birds", "k1")).isEmpty();
    }

    private void add(long offset, String task, String key, String upload) {
        UploadAccepted accepted = UploadAccepted.newBuilder()
                .setTask(task)
                .setIdempotencyKey(key)
                .setUpload(upload)
                .build();
        known.add(new PlacedFact(
                new Fact(accepted, "/tutelage/gateway", Instant.EPOCH),
                new Place(Topic.UPLOADS.topicName(), 0, offset)));
    }
}
