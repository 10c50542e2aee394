package dev.tutelage.integration.secured;

import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import dev.tutelage.platform.privilege.StorePrivileges;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Who may do what to which things: a row for each thing, a column for each principal, a letter for each deed. */
final class Matrix {
    private final String things;
    private final List<Principal> principals;
    private final Map<String, Map<Principal, String>> rows = new LinkedHashMap<>();

    Matrix(String things, List<Principal> principals) {
        this.things = things;
        this.principals = List.copyOf(principals);
    }

    /** Notes that it may do to the thing what the letter stands for, or only that the thing has a row. */
    void add(String thing, Principal principal, boolean may, String letter) {
        rows.computeIfAbsent(thing, none -> new EnumMap<>(Principal.class))
                .merge(principal, may ? letter : "", String::concat);
    }

    /** The table in Markdown. */
    String markdown() {
        StringBuilder table = new StringBuilder("| " + things + " |");
        principals.forEach(each -> table.append(' ').append(each.text()).append(" |"));
        table.append("\n|---|").append("---|".repeat(principals.size())).append('\n');
        rows.forEach((thing, cells) -> {
            table.append("| `").append(thing).append("` |");
            principals.forEach(each ->
                    table.append(' ').append(cells.getOrDefault(each, "")).append(" |"));
            table.append('\n');
        });
        return table.toString();
    }

    /** All topics, by the code. */
    static Matrix topics() {
        List<Principal> all = List.of(Principal.values());
        Matrix matrix = new Matrix("topic", all);
        for (String topic : KafkaPrivileges.allTopics()) {
            for (Principal each : all) {
                KafkaPrivileges may = KafkaPrivileges.of(each);
                matrix.add(topic, each, may.reads().contains(topic), "r");
                matrix.add(topic, each, may.writes().contains(topic), "w");
                matrix.add(topic, each, may.creates().contains(topic), "c");
            }
        }
        return matrix;
    }

    /** All consumer groups, by the code. */
    static Matrix groups() {
        return names("group", KafkaPrivileges::groups, "r");
    }

    /** All transactional ids, by the code. */
    static Matrix transactionalIds() {
        return names("transactional id", KafkaPrivileges::transactionalIds, "w");
    }

    private static Matrix names(
            String things, Function<KafkaPrivileges, List<KafkaPrivileges.Name>> of, String letter) {
        Matrix matrix = new Matrix(things, List.of(Principal.values()));
        for (KafkaPrivileges.Name name : names(of)) {
            for (Principal each : Principal.values()) {
                boolean may = of.apply(KafkaPrivileges.of(each)).stream().anyMatch(own -> includes(own, name));
                matrix.add(name.toString(), each, may, letter);
            }
        }
        return matrix;
    }

    private static boolean includes(KafkaPrivileges.Name own, KafkaPrivileges.Name name) {
        return own.isPrefix()
                ? example(name).startsWith(own.text())
                : own.text().equals(example(name));
    }

    /** Every name that anybody has, in alphabetical order. */
    static List<KafkaPrivileges.Name> names(Function<KafkaPrivileges, List<KafkaPrivileges.Name>> of) {
        return Arrays.stream(Principal.values())
                .flatMap(each -> of.apply(KafkaPrivileges.of(each)).stream())
                .distinct()
                .sorted(Comparator.comparing(KafkaPrivileges.Name::toString))
                .toList();
    }

    /** One that is meant by the name. */
    static String example(KafkaPrivileges.Name name) {
        return name.isPrefix() ? name.text() + "0123" : name.text();
    }

    /** One for each name. */
    static NavigableSet<String> examples(Function<KafkaPrivileges, List<KafkaPrivileges.Name>> of) {
        return names(of).stream().map(Matrix::example).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Kinds of objects in the store, by the code. */
    static Matrix objects() {
        Matrix matrix = new Matrix("objects", Principal.services());
        StoreAttempts.EXAMPLES.forEach((kind, object) -> {
            for (Principal each : Principal.services()) {
                StorePrivileges may = StorePrivileges.of(each);
                matrix.add(kind, each, matches(may.reads(), object), "r");
                matrix.add(kind, each, matches(may.writes(), object), "w");
                matrix.add(kind, each, matches(may.removes(), object), "d");
            }
        });
        return matrix;
    }

    private static boolean matches(List<String> patterns, String object) {
        return patterns.stream().anyMatch(pattern -> Pattern.matches(pattern.replace("*", ".*"), object));
    }
}
