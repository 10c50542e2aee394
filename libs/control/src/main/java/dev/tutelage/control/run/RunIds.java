package dev.tutelage.control.run;

import dev.tutelage.control.name.NearestNames;
import java.util.List;
import java.util.NavigableSet;

/** Finds runs by as much of their id as people give. */
public final class RunIds {

    private RunIds() {}

    /**
     * The one id that begins so, or is just that.
     *
     * @throws RefusedException if there is none, or more than one
     */
    public static String find(String beginning, NavigableSet<String> ids) throws RefusedException {
        if (ids.contains(beginning)) {
            return beginning;
        }
        List<String> found = ids.tailSet(beginning).stream()
                .takeWhile(id -> id.startsWith(beginning))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        String problem = found.isEmpty() ? "No run's id begins with '" : found.size() + " runs' ids begin with '";
        throw new RefusedException(problem + beginning + "'. "
                + NearestNames.sentence(beginning, found.isEmpty() ? ids : found)
                + (found.isEmpty() ? "" : ". Give more of the id"));
    }
}
