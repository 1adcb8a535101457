package org.astropool.internal.job.config;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;

/**
 * One kind of search, such as a sampler: its section of the job file, and the files that it writes. What it does is in
 * the plan that it reads, an {@code internal.job.search.SearchPlan}. Found by {@link ServiceLoader}, so that a further
 * kind is a package and a line in a service file. Stateless.
 */
public interface SearchKind {

    /** The name of its section in the job file. Each kind has its own. */
    String key();

    /**
     * Reads its section. Reports problems to the section, also keys that it does not know.
     *
     * @param resolved makes a path of the job file absolute
     * @return empty when a problem was reported
     */
    Optional<? extends Plan.Search> read(Section section, UnaryOperator<String> resolved);

    /** The names of the tables that it writes, without the ending that the format gives. */
    List<String> tables();

    /** The names of the other files that it writes. */
    default List<String> texts() {
        return List.of();
    }

    /** All kinds, in the order of their service files. */
    static List<SearchKind> all() {
        return ServiceLoader.load(SearchKind.class, SearchKind.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
