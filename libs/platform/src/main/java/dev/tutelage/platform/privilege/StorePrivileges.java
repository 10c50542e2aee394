package dev.tutelage.platform.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a service may do in the bucket of artifacts, by names of objects in which {@code *} is any text.
 *
 * <p>All may list, since a store tells only those who may whether an object is not there or not for them. Nobody but
 * housekeeping and restoring, which are done with the store's own credentials, may remove what lies under its digest.
 *
 * @param reads objects that it reads
 * @param writes objects that it writes
 * @param removes objects that it removes
 */
public record StorePrivileges(List<String> reads, List<String> writes, List<String> removes) {
    /** Bytes under their SHA-256: shards, checkpoints, soft labels, datasets. */
    public static final String ARTIFACTS = "sha256/*";

    /** Attempts, outcomes and snapshots of runs. A run's id does not tell its stage, so one stage cannot be told from another. */
    public static final String RUNS = "runs/*";

    /** A run's snapshots, of which the older ones are removed. */
    public static final String SNAPSHOTS = "runs/*/snapshots/*";

    public StorePrivileges {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        removes = List.copyOf(removes);
    }

    /**
     * What that service may.
     *
     * @throws IllegalArgumentException if it is no service
     */
    public static StorePrivileges of(Principal principal) {
        return switch (principal) {
            case PRETRAINER, FINE_TUNER, STUDENT_TRAINER ->
                new StorePrivileges(List.of(ARTIFACTS, RUNS), List.of(ARTIFACTS, RUNS), List.of(SNAPSHOTS));
            // A shard is short work: it has no snapshots.
            case LABELER -> new StorePrivileges(List.of(ARTIFACTS, RUNS), List.of(ARTIFACTS, RUNS), List.of());
            // Runs are none of its business.
            case GATEWAY -> new StorePrivileges(List.of(ARTIFACTS), List.of(ARTIFACTS), List.of());
            case BUCKETS, TOPICS ->
                throw new IllegalArgumentException(principal.text() + " is no service and has nothing in the store");
        };
    }

    /**
     * The statements of a policy, as AWS, MinIO and others read them.
     *
     * @param bucket of artifacts
     */
    public List<Map<String, Object>> statements(String bucket) {
        List<Map<String, Object>> statements = new ArrayList<>();
        statements.add(statement(List.of("s3:ListBucket"), List.of("arn:aws:s3:::" + bucket)));
        add(statements, List.of("s3:GetObject"), bucket, reads);
        // What an upload in parts has sent before it failed is thrown away.
        add(statements, List.of("s3:PutObject", "s3:AbortMultipartUpload"), bucket, writes);
        add(statements, List.of("s3:DeleteObject"), bucket, removes);
        return List.copyOf(statements);
    }

    private static void add(
            List<Map<String, Object>> statements, List<String> actions, String bucket, List<String> objects) {
        if (!objects.isEmpty()) {
            statements.add(statement(
                    actions,
                    objects.stream()
                            .map(object -> "arn:aws:s3:::" + bucket + "/" + object)
                            .toList()));
        }
    }

    private static Map<String, Object> statement(List<String> actions, List<String> resources) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Effect", "Allow");
        statement.put("Action", actions);
        statement.put("Resource", resources);
        return statement;
    }
}
