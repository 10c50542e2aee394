package dev.tutelage.gateway.queue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the bytes of an image are.
 *
 * @param shard digest of the shard that holds it
 * @param image digest of its bytes
 */
public record ImageAddress(String shard, String image) {
    private static final Pattern PATH = Pattern.compile("/shards/([0-9a-f]{64})/images/([0-9a-f]{64})(?:[?#].*)?$");

    /** The path at the gateway. */
    public String path(String task) {
        return "/api/tasks/" + URLEncoder.encode(task, StandardCharsets.UTF_8).replace("+", "%20") + "/shards/" + shard
                + "/images/" + image;
    }

    /** The address that an URL ends in, at whatever gateway. */
    static Optional<ImageAddress> in(String url) {
        Matcher matcher = PATH.matcher(url);
        return matcher.find() ? Optional.of(new ImageAddress(matcher.group(1), matcher.group(2))) : Optional.empty();
    }
}
