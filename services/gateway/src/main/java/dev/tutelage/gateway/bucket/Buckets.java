package dev.tutelage.gateway.bucket;

import dev.tutelage.platform.service.ServiceSettings;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Objects of others, in the S3 service that also holds the artifacts, with the same credentials: an event can make the gateway
 * read no other place.
 */
@ApplicationScoped
class Buckets {
    private final MinioClient client;

    Buckets(ServiceSettings settings) {
        ServiceSettings.S3 s3 = settings.s3();
        this.client = MinioClient.builder()
                .endpoint(s3.endpoint().toString())
                .region(s3.region())
                .credentials(s3.accessKey(), s3.secretKey())
                .build();
    }

    /**
     * The bytes that an object was created with; empty if it has others by now, of which another event tells.
     *
     * @throws RefusedObjectException if it is not there, or not for us
     * @throws IOException if the store does not answer now
     */
    Optional<InputStream> open(BucketEvent event) throws IOException, RefusedObjectException {
        try {
            return Optional.of(client.getObject(GetObjectArgs.builder()
                    .bucket(event.bucket())
                    .object(event.key())
                    .matchETag(event.etag())
                    .build()));
        } catch (ErrorResponseException e) {
            return refused(event, e);
        } catch (MinioException | GeneralSecurityException e) {
            throw new IOException(e);
        } catch (IllegalArgumentException e) {
            throw new RefusedObjectException(event.address() + " is no name of an object: " + e.getMessage());
        }
    }

    private static Optional<InputStream> refused(BucketEvent event, ErrorResponseException e)
            throws IOException, RefusedObjectException {
        return switch (e.errorResponse().code()) {
            case "PreconditionFailed" -> Optional.empty();
            case "NoSuchKey", "NoSuchBucket" ->
                throw new RefusedObjectException(event.address()
                        + " is not there any more. Put it there again; a replay only finds it if it has the same ETag");
            case "AccessDenied" ->
                throw new RefusedObjectException("The store does not let the gateway read " + event.address()
                        + ": let its access key read the bucket, then replay this");
            default -> throw new IOException(e);
        };
    }
}
