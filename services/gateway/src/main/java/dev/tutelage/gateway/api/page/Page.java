package dev.tutelage.gateway.api.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A part of a collection, the newest first.
 *
 * @param next where the next page is; absent on the last one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Page<T>(
        List<T> items,

        @Schema(description = "Path and query of the next page; absent on the last one")
        Optional<String> next) {}
