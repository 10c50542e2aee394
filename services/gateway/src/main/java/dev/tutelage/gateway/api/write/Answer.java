package dev.tutelage.gateway.api.write;

import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The answer to a write, to be given once or again.
 *
 * @param location of what was made
 */
record Answer<T>(int status, T body, Optional<URI> location) {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    static <T> Answer<T> ok(T body) {
        return new Answer<>(OK, body, Optional.empty());
    }

    static <T> Answer<T> created(T body, String location) {
        return new Answer<>(CREATED, body, Optional.of(URI.create(location)));
    }

    /** What was asked for will come about; who does it is another service. */
    static <T> Answer<T> accepted(T body, String location) {
        return new Answer<>(ACCEPTED, body, Optional.of(URI.create(location)));
    }

    RestResponse<T> response() {
        RestResponse.ResponseBuilder<T> response = RestResponse.ResponseBuilder.create(status);
        location.ifPresent(response::location);
        return response.entity(body).build();
    }
}
