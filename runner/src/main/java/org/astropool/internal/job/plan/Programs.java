package org.astropool.internal.job.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.astropool.internal.job.config.Job;
import org.astropool.internal.job.config.ProgramSection;
import org.astropool.internal.job.config.SourcePositions;
import org.astropool.internal.program.CoProcessModel;
import org.astropool.internal.program.CommandModel;
import org.astropool.internal.program.ProgramSpec;
import org.astropool.task.Model;
import org.astropool.task.ProgramException;

/** The models of jobs that name a program. Stateless. */
public final class Programs {
    private Programs() {}

    /**
     * A model of a program.
     *
     * @param varying the parameters that have a value for each point
     * @param use what a program that keeps running is used for next
     * @throws ProgramException when a program that keeps running cannot be started, or does not declare its parameters
     *     and outputs
     */
    static Model model(ProgramSection choice, Job job, List<String> varying, ProgramUse use) throws ProgramException {
        ProgramSpec spec = new ProgramSpec(
                choice.words(),
                choice.folder().toString(),
                choice.directory().map(Object::toString).orElse(""),
                choice.environment(),
                choice.cores(),
                choice.ranks(),
                job.output().logs().toString(),
                job.seed(),
                choice.startTimeout().toMillis());
        if (choice.isCommand()) {
            List<String> names = new ArrayList<>(varying);
            choice.outputs().forEach(rule -> names.remove(rule.output().name())); // of an earlier run
            names.addAll(job.model().fixed().keySet());
            return CommandModel.of(spec, choice.name(), names, choice.outputs());
        }
        ProgramSpec started = use == ProgramUse.EVALUATE ? spec : spec.withoutLogs();
        return new CoProcessModel(spec, CoProcessModel.ask(started, choice.name(), use != ProgramUse.DECLARE));
    }

    /** A message that says why a program cannot be used, with its last output. */
    static String problem(ProgramSection choice, SourcePositions origin, ProgramException why) {
        String words = why.lastWords().isEmpty() ? "" : "; it wrote:\n" + why.lastWords();
        return origin.of("model", choice.key()) + ": " + why.getMessage() + words;
    }

    /** What results depend on in addition to options and axes, as text; empty for other models. */
    static List<String> identity(Model model) {
        List<String> identity = new ArrayList<>();
        if (model instanceof CommandModel command) {
            identity.addAll(command.spec().words());
            identity.add("environment " + command.spec().environment());
            identity.addAll(command.identity());
        } else if (model instanceof CoProcessModel program) {
            identity.addAll(program.spec().words());
            identity.add("environment " + program.spec().environment());
            identity.addAll(program.declaration().identity());
        }
        return identity;
    }

    /** @param model the table of that name in the record of a run */
    public static void record(Job job, Map<String, Object> model) {
        job.model().program().ifPresent(choice -> {
            model.remove("options");
            model.put(ProgramSection.FOLDER, choice.folder().toString());
            model.put(choice.key(), choice.words()); // with the interpreter of this run, not that of who reads it
            if (choice.isCommand() && model.get("outputs") instanceof Map<?, ?> outputs) {
                model.put(ProgramSection.OUTPUT_ORDER, List.copyOf(outputs.keySet()));
            }
        });
    }
}
