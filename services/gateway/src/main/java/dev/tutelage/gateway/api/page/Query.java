package dev.tutelage.gateway.api.page;

import com.google.protobuf.ProtocolMessageEnum;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.api.view.MessageJson;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The parameters of a query. */
public final class Query {
    private static final String UNRECOGNIZED = "UNRECOGNIZED";

    private Query() {}

    /**
     * A parameter whose values are those of an enumeration, by their names for people.
     *
     * @param values all, those included that mean nothing
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if it is none of them
     */
    public static <E extends Enum<E> & ProtocolMessageEnum> Optional<E> value(
            String name, Optional<String> text, E[] values) {
        List<E> known = Arrays.stream(values)
                .filter(value -> !value.name().equals(UNRECOGNIZED) && value.getNumber() != 0)
                .toList();
        return text.map(given -> known.stream()
                .filter(value -> MessageJson.name(value).equals(given))
                .findFirst()
                .orElseThrow(() -> Problems.badRequest(
                        "Bad query",
                        "Query parameter '" + name + "' must be one of "
                                + known.stream().map(MessageJson::name).collect(Collectors.joining(", ")) + ", not '"
                                + given + "'")));
    }
}
