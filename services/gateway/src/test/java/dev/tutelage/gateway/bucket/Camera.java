package dev.tutelage.gateway.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.platform.artifact.StoreAddress;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.Topics;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Puts objects into a bucket of its own, and says so on Kafka as an S3 service would. */
final class Camera implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final String bucket = LocalKafka.unique("camera");
    private final MinioClient s3;
    private final Producer<String, byte[]> kafka;

    Camera(LocalKafka kafka, LocalS3 s3) throws Exception {
        StoreAddress address = s3.address();
        this.s3 = MinioClient.builder()
                .endpoint(address.endpoint().toString())
                .region(address.region())
                .credentials(address.accessKey(), address.secretKey())
                .build();
        this.s3.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        this.kafka = new KafkaProducer<>(kafka.client(), new StringSerializer(), new ByteArraySerializer());
    }

    /** Puts an object, and returns what is to be said of it. */
    byte[] put(String key, byte[] bytes) throws Exception {
        String etag = s3.putObject(PutObjectArgs.builder().bucket(bucket).object(key).stream(
                                new ByteArrayInputStream(bytes), bytes.length, -1)
                        .build())
                .etag();
        return event("s3:ObjectCreated:Put", key, etag);
    }

    void remove(String key) throws Exception {
        s3.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(key).build());
    }

    byte[] event(String name, String key, String etag) {
        ObjectNode json = JSON.createObjectNode().put("EventName", name).put("Key", bucket + "/" + key);
        ObjectNode event = json.putArray("Records").addObject().put("eventName", name);
        ObjectNode told = event.putObject("s3");
        told.putObject("bucket").put("name", bucket);
        told.putObject("object").put("key", URLEncoder.encode(key, UTF_8)).put("eTag", etag);
        return json.toString().getBytes(UTF_8);
    }

    void say(String key, byte[] event) throws Exception {
        kafka.send(new ProducerRecord<>(Topics.BUCKET_EVENTS, bucket + "/" + key, event))
                .get();
    }

    void putAndSay(String key, byte[] bytes) throws Exception {
        say(key, put(key, bytes));
    }

    @Override
    public void close() {
        kafka.close();
    }
}
