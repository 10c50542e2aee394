package dev.tutelage.integration.secured;

import dev.tutelage.platform.privilege.StorePrivileges;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.SetBucketPolicyArgs;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one service gets when it tries everything in the bucket of artifacts. */
final class StoreAttempts {
    /** For each kind of object one, by the pattern that the code has for it. */
    static final Map<String, String> EXAMPLES = examples();

    private static final Set<String> REFUSALS = Set.of("AccessDenied", "Forbidden");

    private final MinioClient client;

    StoreAttempts(MinioClient client) {
        this.client = client;
    }

    private static Map<String, String> examples() {
        Map<String, String> examples = new LinkedHashMap<>();
        examples.put(StorePrivileges.ARTIFACTS, "sha256/ab/abcdef");
        examples.put(StorePrivileges.RUNS, "runs/1234/outcome");
        examples.put(StorePrivileges.SNAPSHOTS, "runs/1234/snapshots/000000000001-5-abcdef");
        examples.put("anything else", "elsewhere/file");
        return examples;
    }

    private interface Attempt {
        void make() throws Exception;
    }

    /** Puts an object there, as whoever may. */
    void put(String object) throws Exception {
        client.putObject(PutObjectArgs.builder().bucket(SecuredStore.BUCKET).object(object).stream(
                        new ByteArrayInputStream(new byte[] {1}), 1, -1)
                .build());
    }

    private void get(String object) throws Exception {
        client.getObject(GetObjectArgs.builder()
                        .bucket(SecuredStore.BUCKET)
                        .object(object)
                        .build())
                .close();
    }

    private void remove(String object) throws Exception {
        client.removeObject(RemoveObjectArgs.builder()
                .bucket(SecuredStore.BUCKET)
                .object(object)
                .build());
    }

    /** Kinds of objects that it reads. */
    Set<String> reads() {
        return kinds(this::get);
    }

    /** Kinds of objects that it writes. */
    Set<String> writes() {
        return kinds(this::put);
    }

    /** Kinds of objects that it removes. */
    Set<String> removes() {
        return kinds(this::remove);
    }

    private interface Doing {
        void to(String object) throws Exception;
    }

    private static Set<String> kinds(Doing doing) {
        Set<String> kinds = new TreeSet<>();
        EXAMPLES.forEach((kind, object) -> {
            if (isAllowed(kind, () -> doing.to(object))) {
                kinds.add(kind);
            }
        });
        return kinds;
    }

    /** What it may beside that. */
    Set<String> others() {
        Map<String, Attempt> attempts = Map.of(
                "list",
                        () -> client.listObjects(ListObjectsArgs.builder()
                                        .bucket(SecuredStore.BUCKET)
                                        .build())
                                .iterator()
                                .next()
                                .get(),
                "make a bucket",
                        () -> client.makeBucket(
                                MakeBucketArgs.builder().bucket("another").build()),
                "change the policy",
                        () -> client.setBucketPolicy(SetBucketPolicyArgs.builder()
                                .bucket(SecuredStore.BUCKET)
                                .config("{\"Version\":\"2012-10-17\",\"Statement\":[]}")
                                .build()));
        Set<String> done = new TreeSet<>();
        attempts.forEach((what, attempt) -> {
            if (isAllowed(what, attempt)) {
                done.add(what);
            }
        });
        return done;
    }

    /** Everything that is no refusal is a failure of the test. */
    private static boolean isAllowed(String what, Attempt attempt) {
        try {
            attempt.make();
            return true;
        } catch (ErrorResponseException e) {
            if (REFUSALS.contains(e.errorResponse().code())) {
                return false;
            }
            throw new IllegalStateException(what, e);
        } catch (Exception e) {
            throw new IllegalStateException(what, e);
        }
    }
}
