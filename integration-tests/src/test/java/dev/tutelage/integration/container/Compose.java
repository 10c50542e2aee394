package dev.tutelage.integration.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A docker-compose.yml, with the defaults of its variables. */
final class Compose {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:-([^}]*)}");

    private final Map<String, Service> services = new LinkedHashMap<>();

    private Compose() {}

    /**
     * One of its services. What it does not say is empty.
     *
     * @param dockerfile of its image, if it is built
     * @param arguments of the build
     * @param volumes name of the volume, by the path at which it is
     * @param conditions what it waits for of others
     * @param resources its limits and reservations
     */
    record Service(
            String name,
            String image,
            Optional<String> dockerfile,
            Map<String, String> arguments,
            Map<String, String> environment,
            List<String> entryPoint,
            List<String> command,
            Optional<String> user,
            boolean readOnly,
            Map<String, String> volumes,
            Map<String, String> conditions,
            List<String> healthCheck,
            List<String> profiles,
            List<String> ports,
            Map<String, Object> resources) {}

    static Compose read(Path file) throws IOException {
        String text = VARIABLE.matcher(Files.readString(file)).replaceAll(match -> match.group(1));
        Map<String, Object> whole = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        Compose compose = new Compose();
        map(whole.get("services")).forEach((name, service) -> compose.services.put(name, service(name, map(service))));
        return compose;
    }

    Collection<Service> services() {
        return services.values();
    }

    Service service(String name) {
        return Optional.ofNullable(services.get(name)).orElseThrow();
    }

    /** What `docker compose --profile` starts, each after all that it waits for. */
    List<Service> inOrder(String profile) {
        List<Service> order = new ArrayList<>();
        services.values().stream()
                .filter(service ->
                        service.profiles().isEmpty() || service.profiles().contains(profile))
                .forEach(service -> add(service, order));
        return order;
    }

    private void add(Service service, List<Service> order) {
        if (!order.contains(service)) {
            service.conditions().keySet().forEach(name -> add(service(name), order));
            order.add(service);
        }
    }

    private static Service service(String name, Map<String, Object> told) {
        Map<String, Object> build = map(told.get("build"));
        Map<String, String> conditions = new TreeMap<>();
        map(told.get("depends_on"))
                .forEach((other, what) ->
                        conditions.put(other, map(what).get("condition").toString()));
        List<String> check = list(map(told.get("healthcheck")).get("test"));
        return new Service(
                name,
                told.get("image").toString(),
                Optional.ofNullable(build.get("dockerfile")).map(Object::toString),
                texts(build.get("args")),
                texts(told.get("environment")),
                list(told.get("entrypoint")),
                list(told.get("command")),
                Optional.ofNullable(told.get("user")).map(Object::toString),
                Boolean.TRUE.equals(told.get("read_only")),
                volumes(list(told.get("volumes"))),
                conditions,
                check.isEmpty() ? check : check.subList(1, check.size()),
                list(told.get("profiles")),
                list(told.get("ports")),
                map(map(told.get("deploy")).get("resources")));
    }

    private static Map<String, String> volumes(List<String> mounts) {
        Map<String, String> volumes = new TreeMap<>();
        for (String mount : mounts) {
            List<String> parts = List.of(mount.split(":"));
            volumes.put(parts.get(1), parts.get(0));
        }
        return volumes;
    }

    private static Map<String, String> texts(Object value) {
        Map<String, String> texts = new TreeMap<>();
        map(value).forEach((key, each) -> texts.put(key, each == null ? "" : each.toString()));
        return texts;
    }

    private static List<String> list(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, each) -> map.put(key.toString(), each));
        }
        return map;
    }
}
