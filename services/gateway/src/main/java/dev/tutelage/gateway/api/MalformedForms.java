package dev.tutelage.gateway.api;

import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.multipart.MultipartParser.MalformedMessageException;

/** Forms whose parts cannot be told apart. The server would tell of them as a fault of its own. */
public class MalformedForms {

    /** Tells it as the fault of who sent it. */
    @ServerExceptionMapper
    public Response refused(MalformedMessageException malformed) {
        return Problems.badRequest(
                        "Malformed form",
                        "The body is no multipart form of the boundary that its Content-Type names: each part begins with"
                                + " headers, such as Content-Disposition, and an empty line")
                .toResponse();
    }
}
