package dev.tutelage.stages;

import dev.tutelage.event.v1.Role;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SelectionRecipe;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Gate;
import java.util.List;

/** The teachers that a task's selection asks beside the current one. */
public final class EarlierTeachers {

    private EarlierTeachers() {}

    /**
     * Digests of the last teachers before this one, as many as the task's selection wants to agree with it or as there were,
     * the first one first. None if the selection asks for no agreement, or cannot be read: then the worker tells people.
     */
    public static List<String> askedBeside(TaskLedger task, String teacher) {
        if (task.declaration().getSelection().isEmpty()) {
            return List.of();
        }
        int asked = Recipes.SELECTION
                        .readable(task.declaration().getSelection())
                        .map(SelectionRecipe::agreement)
                        .orElse(1)
                - 1;
        List<String> before = Gate.before(task, Role.ROLE_TEACHER, teacher);
        return before.subList(Math.max(0, before.size() - asked), before.size());
    }
}
