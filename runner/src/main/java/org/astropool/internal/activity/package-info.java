/** What the workers of a pool did, and when: a time line of each worker, and the ledger of core-seconds. */
@NullMarked
package org.astropool.internal.activity;

import org.jspecify.annotations.NullMarked;
