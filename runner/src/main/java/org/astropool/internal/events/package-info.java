/** Reports events of a pool to the listener of the user. Depends on the API. */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.events;
