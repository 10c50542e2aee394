package dev.tutelage.learning.data;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes of a task, which give a source's labels their numbers.
 *
 * @param names in the task's order
 */
public record ClassNames(List<String> names) {
    private static final String NUMBER = "[0-9]{1,9}";

    /** @throws IllegalArgumentException if two are the same or one is empty */
    public ClassNames {
        names = List.copyOf(names);
        if (new HashSet<>(names).size() < names.size() || names.contains("")) {
            throw new IllegalArgumentException("classes must be names that differ, not " + String.join(",", names));
        }
    }

    /**
     * The number of the class that a label means, from 0. A name that is a number means the class of that number, unless
     * classes are called by numbers.
     *
     * @throws UnusableImageException if it means none of the classes
     */
    int index(SourceLabel label) throws UnusableImageException {
        if (label instanceof SourceLabel.Index number) {
            return within(number.index());
        }
        String name = ((SourceLabel.Name) label).name();
        int index = names.indexOf(name);
        if (index >= 0) {
            return index;
        }
        boolean calledByNumbers = names.stream().anyMatch(known -> known.matches(NUMBER));
        if (name.matches(NUMBER) && !calledByNumbers) {
            return within(Integer.parseInt(name));
        }
        throw new UnusableImageException(
                RejectionKind.BAD_LABEL, "has label \"" + PrintableText.of(name) + "\", which is none of the classes");
    }

    private int within(int index) throws UnusableImageException {
        if (index >= names.size()) {
            throw new UnusableImageException(
                    RejectionKind.BAD_LABEL, "has label " + index + ", but the classes are 0 to " + (names.size() - 1));
        }
        return index;
    }

    /** How many images each class has, by name and in order. */
    Map<String, Integer> counts(List<Integer> indices) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        names.forEach(name -> counts.put(name, 0));
        indices.forEach(index -> counts.merge(names.get(index), 1, Integer::sum));
        return counts;
    }
}
