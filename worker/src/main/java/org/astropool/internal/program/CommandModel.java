package org.astropool.internal.program;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.astropool.internal.model.ModelException;
import org.astropool.task.Evaluator;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.ProgramException;

/**
 * A program that is started for each point. It is serialized as its command line and the rules for its outputs.
 * Immutable.
 */
public final class CommandModel extends ProgramModel {
    private static final long serialVersionUID = 1;

    private final ArrayList<OutputRule> rules;

    private CommandModel(ProgramSpec spec, Declaration declaration, List<OutputRule> rules, Map<String, String> files) {
        super(spec, declaration, files);
        this.rules = new ArrayList<>(rules);
    }

    /**
     * A model of a command.
     *
     * @param name of the model
     * @param names parameters that have values; with those in braces they are all parameters
     * @throws IllegalArgumentException when a name cannot be that of a parameter
     * @throws ProgramException when commands could not have their files on this machine
     */
    public static CommandModel of(ProgramSpec spec, String name, List<String> names, List<OutputRule> rules)
            throws ProgramException {
        ScratchFolder.check();
        Set<String> all = new LinkedHashSet<>(names);
        all.addAll(new CommandTemplate(spec.words()).parameters());
        List<Parameter> parameters = all.stream()
                .map(each -> new Parameter(each, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, ""))
                .toList();
        List<Output> outputs = rules.stream().map(OutputRule::output).toList();
        return new CommandModel(spec, new Declaration(name, "", parameters, outputs, 1), rules, Map.of());
    }

    @Override
    public CommandModel withFiles(Map<String, String> digests) {
        return new CommandModel(spec(), declaration(), rules, digests);
    }

    @Override
    public Evaluator prepare(ModelOptions options) throws ModelException {
        String differences = fileDifferences();
        if (!differences.isEmpty()) {
            throw new ModelException("the program is not that of the master: " + differences
                    + "; give all hosts the same files, and do not change them during a run");
        }
        return super.prepare(options);
    }

    /** What results depend on, as text. */
    public List<String> identity() {
        return rules.stream().map(OutputRule::identity).toList();
    }

    @Override
    public Evaluator evaluator(ProgramTrace trace) {
        return new CommandEvaluator(spec(), declaration().parameterNames(), rules, files(), trace, true);
    }

    /** An evaluator that keeps no files, even of points that fail. */
    public Evaluator evaluatorForTrial() {
        return new CommandEvaluator(spec(), declaration().parameterNames(), rules, files(), ProgramTrace.NONE, false);
    }
}
