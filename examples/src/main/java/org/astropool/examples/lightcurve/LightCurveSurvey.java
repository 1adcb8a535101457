package org.astropool.examples.lightcurve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.astropool.examples.supernova.DataFileException;
import org.astropool.examples.supernova.Lines;
import org.astropool.examples.supernova.Lines.Line;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The light curves of a survey: a folder with one SNANA text file a supernova, named {@code *.dat} or {@code *.txt} in
 * any case, or pairs {@code *HEAD.FITS} and {@code *PHOT.FITS}; each may be gzipped. Where there is a file
 * {@code NAME.LIST}, the survey is the files that it lists; of several, that with the name of the folder, and without
 * such a one, all files. Observations that a file {@code *.IGNORE} lists ({@code IGNORE: supernova MJD band}) are left
 * out. A file that cannot be read costs its supernova, with a warning, and not the survey.
 */
public final class LightCurveSurvey {
    /** The dates in such lists have three decimals, and are cut, not rounded. */
    private static final double SAME_DATE = 0.0011;

    private static final Logger LOG = LoggerFactory.getLogger(LightCurveSurvey.class);

    private static final Map<String, String> FOLDERS =
            Map.of("csp3", "lightcurves-csp3/snana", "foundation", "lightcurves-foundation/snana");

    /** What was read last: the process that lists the tasks evaluates them, too, on threads. */
    private static SoftReference<Survey> last = new SoftReference<>(null);

    private record Ignored(double date, String band) {}

    /** @param stamp of the files as they were read */
    private record Survey(List<String> stamp, List<ObservedSupernova> supernovae) {}

    private LightCurveSurvey() {}

    /**
     * Where the files of a survey are.
     *
     * @param data the folder that holds the data sets' folders
     * @param survey csp3, foundation, or a folder, relative to data
     */
    public static Path folder(Path data, String survey) {
        return data.resolve(FOLDERS.getOrDefault(survey, survey));
    }

    /** All files that {@link #read} reads, by name; the folder itself when it is not there. */
    static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of(folder);
        }
        List<Path> files = new ArrayList<>();
        for (Path file : all(folder)) {
            if (!Files.isReadable(file)) {
                continue; // and said when it is read
            }
            if (isLightCurve(file) || isList(file) || isIgnoreList(file)) {
                files.add(file);
            }
            if (SnanaFits.isHead(file)) {
                files.add(file);
                SnanaFits.photometry(file).ifPresent(files::add);
            }
        }
        return files;
    }

    private static List<Path> all(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isLightCurve(Path file) {
        String name = lowerCaseName(file).replaceFirst("\\.gz$", "");
        return name.endsWith(".dat") || name.endsWith(".txt");
    }

    private static boolean isList(Path file) {
        return lowerCaseName(file).endsWith(".list");
    }

    private static boolean isIgnoreList(Path file) {
        return lowerCaseName(file).endsWith(".ignore");
    }

    private static String lowerCaseName(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }

    /**
     * The supernovae in alphabetical order. Thread-safe. Files that have not changed since the last time, by their
     * dates and lengths, are not read again.
     *
     * @throws DataFileException when the folder is missing, or none of its files can be read
     */
    public static synchronized List<ObservedSupernova> read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DataFileException(
                    folder,
                    "no such folder; get the data with scripts/fetch-data.sh, "
                            + "or set the model option data to the folder that holds the data sets");
        }
        List<String> stamp = stamp(folder);
        Survey known = last.get();
        if (known == null || !known.stamp.equals(stamp)) {
            known = new Survey(stamp, readFiles(folder));
            last = new SoftReference<>(known);
        }
        return known.supernovae;
    }

    private static List<String> stamp(Path folder) throws IOException {
        List<String> stamp = new ArrayList<>();
        for (Path file : files(folder)) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamp.add(file + " " + attributes.lastModifiedTime().toMillis() + " " + attributes.size());
        }
        return stamp;
    }

    private static List<ObservedSupernova> readFiles(Path folder) throws IOException {
        Map<String, List<Ignored>> ignored = new TreeMap<>();
        SortedMap<String, ObservedSupernova> supernovae = new TreeMap<>();
        Map<String, Path> origins = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (Path file : members(folder, problems)) {
            try {
                List<ObservedSupernova> found =
                        SnanaFits.isHead(file) ? SnanaFits.read(file, problems) : List.of(SnanaFile.read(file));
                for (ObservedSupernova supernova : found) {
                    Path other = origins.putIfAbsent(supernova.name(), file);
                    if (other == null) {
                        supernovae.put(supernova.name(), supernova);
                    } else {
                        problems.add(file + ": supernova " + supernova.name() + " is in " + other.getFileName()
                                + ", too, which is taken");
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add(e instanceof DataFileException ? String.valueOf(e.getMessage()) : e.toString());
            }
        }
        for (Path file : all(folder)) {
            if (isIgnoreList(file)) {
                readIgnored(file, ignored);
            }
        }
        if (supernovae.isEmpty()) {
            throw new DataFileException(
                    folder,
                    "no light curves, expected a file *.dat or *.txt a supernova, or *HEAD.FITS and *PHOT.FITS"
                            + (problems.isEmpty() ? "" : "; the first of " + problems.size() + ": " + problems.get(0)));
        }
        problems.forEach(problem -> LOG.warn("left out of the survey: {}", problem));
        return supernovae.values().stream()
                .map(supernova -> without(ignored.getOrDefault(supernova.name(), List.of()), supernova))
                .toList();
    }

    /** The files with light curves that belong to the survey. */
    private static List<Path> members(Path folder, List<String> problems) throws IOException {
        List<Path> all = all(folder);
        List<Path> lists = all.stream().filter(LightCurveSurvey::isList).toList();
        List<Path> files = all.stream()
                .filter(file -> isLightCurve(file) || SnanaFits.isHead(file))
                .toList();
        Optional<Path> list = lists.size() == 1
                ? Optional.of(lists.get(0))
                : lists.stream()
                        .filter(each -> lowerCaseName(each).equals(lowerCaseName(folder.toAbsolutePath()) + ".list"))
                        .findFirst();
        if (list.isEmpty()) {
            return files;
        }
        Map<String, Path> byName = new HashMap<>();
        files.forEach(file -> byName.put(lowerCaseName(file).replaceFirst("\\.gz$", ""), file));
        SortedSet<Path> members = new TreeSet<>();
        for (Line line : Lines.read(list.get())) {
            String name = line.words().get(0);
            Path file = byName.get(name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", ""));
            if (file != null) {
                members.add(file);
            } else if (!line.startsWith("#")) {
                problems.add(list.get() + ", line " + line.number() + ": there is no file " + name);
            }
        }
        return List.copyOf(members);
    }

    private static void readIgnored(Path file, Map<String, List<Ignored>> ignored) throws IOException {
        for (Line line : Lines.read(file)) {
            if (line.startsWith("IGNORE:")) {
                if (line.words().size() < 4) {
                    throw new DataFileException(file, line.number(), "expected \"IGNORE: supernova MJD band\"");
                }
                double date = Lines.number(file, line, "MJD", line.words().get(2));
                ignored.computeIfAbsent(line.words().get(1), name -> new ArrayList<>())
                        .add(new Ignored(date, line.words().get(3)));
            }
        }
    }

    private static ObservedSupernova without(List<Ignored> ignored, ObservedSupernova supernova) {
        if (ignored.isEmpty()) {
            return supernova;
        }
        SortedMap<String, LightCurve> lightCurves = new TreeMap<>();
        supernova.lightCurves().forEach((band, all) -> {
            double[] dates = ignored.stream()
                    .filter(observation -> observation.band().equals(band))
                    .mapToDouble(Ignored::date)
                    .toArray();
            lightCurves.put(band, without(dates, all));
        });
        return new ObservedSupernova(
                supernova.name(),
                supernova.heliocentricRedshift(),
                supernova.cmbRedshift(),
                supernova.peculiarVelocity(),
                supernova.reddening(),
                supernova.peakDate(),
                lightCurves);
    }

    private static LightCurve without(double[] ignored, LightCurve all) {
        int[] kept = IntStream.range(0, all.size())
                .filter(i -> Arrays.stream(ignored).noneMatch(date -> Math.abs(date - all.dates()[i]) < SAME_DATE))
                .toArray();
        return new LightCurve(chosen(kept, all.dates()), chosen(kept, all.fluxes()), chosen(kept, all.errors()));
    }

    private static double[] chosen(int[] kept, double[] values) {
        return Arrays.stream(kept).mapToDouble(i -> values[i]).toArray();
    }
}
