package dev.tutelage.cli.machine;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.Constants;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/**
 * A real S3 endpoint on the local file system in its own process, which ends when its supervisor does. S3Proxy's own main
 * class would send standard error to the log, and the log to standard error.
 */
final class StoreProcess {

    private StoreProcess() {}

    /** Runs the store; the one argument is the path of its properties. */
    public static void main(String[] arguments) throws Exception {
        ParentPipe.watch();
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(file);
        }
        BlobStoreContext context = ContextBuilder.newBuilder(properties.getProperty(Constants.PROPERTY_PROVIDER))
                .overrides(properties)
                .build(BlobStoreContext.class);
        S3Proxy proxy = S3Proxy.Builder.fromProperties(properties)
                .blobStore(context.getBlobStore())
                .build();
        proxy.start();
    }
}
