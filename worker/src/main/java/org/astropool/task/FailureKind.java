package org.astropool.task;

/** Why a task has no result. The set is closed: results and scripts of users name its members. */
public enum FailureKind {
    /** The function threw, or its input or result could not be serialized or deserialized. */
    EXCEPTION("exception"),
    /** The evaluation took longer than the timeout of the call. */
    TIMEOUT("timeout"),
    /** A result that must be a number is NaN or +infinity. */
    NOT_A_NUMBER("not-a-number"),
    /** Too many workers were lost while they evaluated the task. */
    WORKER_LOST("worker-lost");

    private final String label;

    FailureKind(String label) {
        this.label = label;
    }

    /** The name used in tables of results. */
    public String label() {
        return label;
    }
}
