package org.astropool.internal.job.run;

import java.util.List;
import java.util.Optional;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.Parameter;
import org.astropool.task.SkippedException;
import org.astropool.task.TaskList;

/** Lists tasks: one a letter of a word, the cost being its position in the alphabet. An x does not apply. */
public final class ListingModel implements Model {

    @Override
    public String name() {
        return "listing";
    }

    @Override
    public String description() {
        return "a task a letter";
    }

    @Override
    public List<ModelOption> options() {
        return List.of(new ModelOption("word", ModelOption.Type.STRING, "", List.of(), "letters"));
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return List.of(new Parameter("shift", "", -100, 100, "added to each letter"));
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return List.of(
                new Output("upper", Output.Type.STRING, 1, "", "the letter in upper case"),
                Output.number("code", "", "of the letter, shifted"));
    }

    @Override
    public Optional<TaskList> tasks(ModelOptions options) {
        TaskList list = new TaskList(List.of(
                new Output("letter", Output.Type.STRING, 1, "", "the letter"),
                new Output("place", Output.Type.LONG, 1, "", "in the word")));
        String word = options.string("word");
        for (int i = 0; i < word.length(); i++) {
            list.addWithCost(word.charAt(i) - 'a' + 1, word.substring(i, i + 1), (long) i);
        }
        return Optional.of(list);
    }

    @Override
    public Evaluator prepare(ModelOptions options) {
        String word = options.string("word");
        return (point, row, context) -> {
            char letter = word.charAt((int) context.index());
            if (letter == 'x') {
                throw new SkippedException("there is no x here");
            }
            row.setString(0, String.valueOf(letter).toUpperCase(java.util.Locale.ROOT));
            row.set(1, letter + point[0]);
        };
    }
}
