package org.astropool.internal.protocol;

import org.astropool.internal.text.CutText;
import org.astropool.task.TaskFailure;

/** Why a task has no result. */
public sealed interface NoResult {

    /**
     * It failed.
     *
     * @param exception what the task threw, serialized; empty when the call does not need it, or it cannot be
     *     serialized
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Failed(TaskFailure failure, byte[] exception) implements NoResult {
        private static final byte[] NONE = {};

        public Failed(TaskFailure failure) {
            this(failure, NONE);
        }
    }

    /** The function does not apply to its input. */
    record Skipped(String reason) implements NoResult {
        public Skipped {
            reason = CutText.of(reason, TaskFailure.MAX_MESSAGE);
        }
    }
}
