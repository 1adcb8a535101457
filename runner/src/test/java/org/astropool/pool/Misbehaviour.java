package org.astropool.pool;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Throwables whose own methods go wrong, and errors that nobody expects. */
@SuppressWarnings({"OverrideThrowableToString", "ToStringReturnsNull", "UnsynchronizedOverridesSynchronized"
}) // that is what goes wrong
enum Misbehaviour {
    TO_STRING_OVERFLOWS {
        @Override
        Throwable make() {
            return new RuntimeException() {
                @Override
                @SuppressWarnings("InfiniteRecursion")
                public String toString() {
                    return toString() + "!";
                }
            };
        }
    },
    MESSAGE_OVERFLOWS {
        @Override
        Throwable make() {
            return new RuntimeException() {
                @Override
                @SuppressWarnings("InfiniteRecursion")
                public String getMessage() {
                    return getMessage() + "!";
                }
            };
        }
    },
    MESSAGE_THROWS_WHAT_THROWS {
        @Override
        Throwable make() {
            return new Error() {
                @Override
                public String getMessage() {
                    throw sneaky(MESSAGE_OVERFLOWS.make());
                }
            };
        }
    },
    EVERYTHING_THROWS {
        @Override
        Throwable make() {
            return new Silent();
        }
    },
    EVERYTHING_IS_NULL {
        @Override
        Throwable make() {
            return new RuntimeException() {
                @Override
                public @Nullable String getMessage() {
                    return null;
                }

                @Override
                @SuppressWarnings("NullAway")
                public String toString() {
                    return null;
                }
            };
        }
    },
    CAUSE_IS_ITSELF_IN_THE_END {
        @Override
        Throwable make() {
            RuntimeException first = new RuntimeException("first");
            RuntimeException second = new RuntimeException("second", first);
            first.initCause(second);
            return second;
        }
    },
    CAUSES_HAVE_NO_END {
        @Override
        Throwable make() {
            return new RuntimeException("one of many") {
                @Override
                public Throwable getCause() {
                    return CAUSES_HAVE_NO_END.make();
                }
            };
        }
    },
    A_HUNDRED_THOUSAND_CAUSES {
        @Override
        Throwable make() {
            Throwable last = new IllegalStateException("the deepest");
            for (int i = 0; i < 100_000; i++) {
                last = new RuntimeException("cause " + i, last, false, false) {};
            }
            return last;
        }
    },
    CAUSE_AND_SUPPRESSED_THROW {
        @Override
        Throwable make() {
            Throwable thrown = new RuntimeException("outer", new Silent());
            thrown.addSuppressed(new Silent());
            thrown.addSuppressed(TO_STRING_OVERFLOWS.make());
            return thrown;
        }
    },
    OUT_OF_MEMORY {
        @Override
        Throwable make() {
            return new OutOfMemoryError("only said so");
        }
    },
    STACK_OVERFLOW {
        @Override
        Throwable make() {
            return new StackOverflowError();
        }
    },
    ASSERTION {
        @Override
        Throwable make() {
            return new AssertionError("of the user's");
        }
    },
    CHECKED_AND_UNDECLARED {
        @Override
        Throwable make() {
            return new Throwable("neither an Exception nor an Error");
        }
    };

    abstract Throwable make();

    /** For {@code throw}; throws itself, whatever is declared. */
    RuntimeException thrown() {
        throw sneaky(make());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // hides a checked exception from the compiler
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Says nothing, in no way. */
    private static final class Silent extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new NoClassDefFoundError("no message");
        }

        @Override
        public String toString() {
            throw new OutOfMemoryError("no text");
        }

        @Override
        public Throwable getCause() {
            throw new StackOverflowError("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new LinkageError("no frames");
        }

        @Override
        public void printStackTrace(PrintStream out) {
            throw new AssertionError("no trace");
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            throw new AssertionError("no trace");
        }
    }
}
