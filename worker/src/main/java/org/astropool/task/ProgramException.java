package org.astropool.task;

/** A program of the user, in another process, reported an error or failed to give a result. The point fails. */
public class ProgramException extends Exception {
    private static final long serialVersionUID = 1;

    private final FailureKind kind;
    private final String lastWords;

    /**
     * @param message one line for users
     * @param lastWords the last lines that the program wrote to its standard error, or its own stack trace; "" for none
     */
    public ProgramException(FailureKind kind, String message, String lastWords) {
        super(message, null, false, false); // where it happened is not in this process: no stack trace
        this.kind = kind;
        this.lastWords = lastWords;
    }

    public FailureKind kind() {
        return kind;
    }

    public String lastWords() {
        return lastWords;
    }

    /** As the failure of a task. */
    public TaskFailure failure() {
        return TaskFailure.ofProgram(kind, String.valueOf(getMessage()), lastWords);
    }
}
