package dev.tutelage.platform.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/** Every setting that the services share: its type, its default, and what it is for. */
@ConfigMapping(prefix = "tutelage")
public interface ServiceSettings {

    /** Which halves of the service run here: {@code trigger}, {@code worker}, or both. */
    @WithDefault("trigger,worker")
    Set<ServiceRole> roles();

    /** Directory for the working files of runs; emptied of them after each run. */
    @WithDefault("${java.io.tmpdir}/tutelage")
    Path workDir();

    /** The service lives no longer than the process at the other end of its standard input. */
    @WithDefault("false")
    boolean supervised();

    /** The artifact store. */
    S3 s3();

    /** The worker half. */
    Worker worker();

    /** Settings of the artifact store. */
    interface S3 {
        /** URL of the S3 service. */
        @WithDefault("http://localhost:9000")
        URI endpoint();

        /** Bucket that holds all artifacts; it must exist. */
        @WithDefault("tutelage")
        String bucket();

        /** Region that requests are signed for. */
        @WithDefault("us-east-1")
        String region();

        /** Access key. */
        @WithDefault("tutelage")
        String accessKey();

        /** Secret key. */
        @WithDefault("tutelage-secret")
        String secretKey();
    }

    /** Settings of the worker half. */
    interface Worker {
        /** How often a run is taken up before it is given up and becomes a dead letter; at least 1. */
        @WithDefault("5")
        int maxAttempts();

        /** Requests that are worked on at once; at least 1. More than one only where a request is short. */
        @WithDefault("1")
        int requestsAtOnce();

        /** Requests of the backlog that are worked on at once, beside the others; at least 1. */
        @WithDefault("1")
        int backlogAtOnce();

        /** Longest time between two snapshots of a run. */
        @WithDefault("20s")
        Duration snapshotEvery();

        /** GPUs of this machine that pretraining's batches are shared out to; 0: all. Without a GPU it is the CPU. */
        @WithDefault("1")
        int devices();

        /** Number of requests after which the service exits; empty: it stays. */
        OptionalInt exitAfter();
    }
}
