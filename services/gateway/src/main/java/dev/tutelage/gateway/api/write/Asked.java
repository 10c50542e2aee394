package dev.tutelage.gateway.api.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.platform.artifact.Digest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** What distinguishes one write from another. */
public class Asked {

    @HeaderParam("Idempotency-Key")
    @Parameter(
            description =
                    "1 to 255 printable characters that no other write has: the same write under the same key is done"
                            + " once, and answered alike")
    Optional<String> key;

    @Context
    UriInfo uri;

    @Context
    Request request;

    Optional<String> key() {
        return key;
    }

    /** The same for the same method, address and body. */
    String fingerprint(byte[] body) {
        String line = request.getMethod() + " " + uri.getRequestUri().getRawPath() + "\n";
        return Digest.of((line + Digest.of(body).hex()).getBytes(UTF_8)).hex();
    }
}
