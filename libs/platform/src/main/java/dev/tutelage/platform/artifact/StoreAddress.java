package dev.tutelage.platform.artifact;

import java.net.URI;

/**
 * Where the artifact store is and how to get in.
 *
 * @param endpoint of an S3 service, such as {@code http://localhost:9000}
 * @param bucket that holds everything
 * @param region that requests are signed for
 */
public record StoreAddress(URI endpoint, String bucket, String region, String accessKey, String secretKey) {

    @Override
    public String toString() {
        return endpoint + "/" + bucket;
    }
}
