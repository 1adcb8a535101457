package org.astropool.task;

/** An option of a model has a value that cannot be used. */
public final class OptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String option;

    /**
     * @param option name of the option, so that the line of the job file can be found
     * @param message who, what, the limit and the next step
     */
    public OptionException(String option, String message) {
        super(message);
        this.option = option;
    }

    public String option() {
        return option;
    }
}
