package org.astropool.internal.protocol;

import org.astropool.internal.text.CutText;
import org.astropool.task.TaskFailure;

/** Why a task has no result. */
public sealed interface NoResult {

    /** It failed. */
    record Failed(TaskFailure failure) implements NoResult {}

    /** The function does not apply to its input. */
    record Skipped(String reason) implements NoResult {
        public Skipped {
            reason = CutText.of(reason, TaskFailure.MAX_MESSAGE);
        }
    }
}
