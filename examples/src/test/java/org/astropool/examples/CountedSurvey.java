package org.astropool.examples;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.astropool.task.Evaluator;
import org.astropool.task.Model;
import org.astropool.task.ModelOption;
import org.astropool.task.ModelOptions;
import org.astropool.task.Output;
import org.astropool.task.OutputRow;
import org.astropool.task.Parameter;
import org.astropool.task.TaskContext;

/**
 * The Monte-Carlo example, each evaluation of which begins with one more byte in a file: so evaluations are counted
 * exactly, whatever then becomes of the process.
 */
public final class CountedSurvey implements Model {
    /** The environment variable that names the file. No option, since those make another job. */
    public static final String VARIABLE = "ASTROPOOL_TEST_EVALUATIONS";

    private final Model survey = new MalmquistBias();

    @Override
    public String name() {
        return "counted-survey";
    }

    @Override
    public String description() {
        return survey.description() + ", counted";
    }

    @Override
    public List<ModelOption> options() {
        return survey.options();
    }

    @Override
    public List<Parameter> parameters(ModelOptions options) {
        return survey.parameters(options);
    }

    @Override
    public List<Output> outputs(ModelOptions options) {
        return survey.outputs(options);
    }

    @Override
    public Evaluator prepare(ModelOptions options) throws Exception {
        Evaluator evaluator = survey.prepare(options);
        FileChannel evaluations = FileChannel.open(
                Path.of(System.getenv(VARIABLE)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new Evaluator() {
            @Override
            public void evaluate(double[] point, OutputRow row, TaskContext context) throws Exception {
                evaluations.write(ByteBuffer.wrap(new byte[] {'.'}));
                evaluator.evaluate(point, row, context);
            }

            @Override
            public void close() throws Exception {
                evaluations.close();
            }
        };
    }
}
