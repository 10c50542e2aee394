package dev.tutelage.platform.artifact;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/** A real S3 endpoint on the local file system. */
final class LocalStore {
    static final String BUCKET = "bucket";
    private static final Retry IMPATIENT = new Retry(3, Duration.ofMillis(10), Duration.ofMillis(20));

    private final S3Proxy proxy;
    private final BlobStoreContext context;

    LocalStore(Path directory) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", directory.toString());
        context = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials("local", "local")
                .overrides(properties)
                .build(BlobStoreContext.class);
        proxy = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "key", "secret")
                .build();
        proxy.start();
    }

    ArtifactStore client(String bucket, String secret) {
        return new ArtifactStore(
                new StoreAddress(URI.create("http://127.0.0.1:" + proxy.getPort()), bucket, "us-east-1", "key", secret),
                IMPATIENT);
    }

    void stop() throws Exception {
        proxy.stop();
        context.close();
    }
}
