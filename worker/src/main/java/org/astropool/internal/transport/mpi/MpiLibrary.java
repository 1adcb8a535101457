package org.astropool.internal.transport.mpi;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.astropool.internal.system.NativeEnvironment;
import org.astropool.internal.transport.CarrierException;

/**
 * An MPI library that was loaded, not initialised.
 *
 * @param version for users, for instance "Open MPI 4.1.4"
 */
record MpiLibrary(NativeLibrary handle, String version, MpiAbi abi) {
    private static final String INSTALL =
            "install Open MPI (Debian: openmpi-bin with libopenmpi3) or MPICH (Debian: mpich with libmpich12), load the"
                    + " cluster's module for it, or set " + MpiLauncher.LIBRARY_VARIABLE
                    + " to the path of the library";
    private static final int MAX_VERSION_BYTES = 8192;
    private static final int RTLD_LAZY = 1;

    /** The library that belongs to the launcher. */
    static MpiLibrary load(MpiLauncher launcher) throws CarrierException {
        LibC.protectSignalHandlers();
        List<String> failures = new ArrayList<>();
        for (String name : launcher.libraries()) {
            try {
                // JNA's default is RTLD_GLOBAL, which the plugins of some builds of Open MPI need. Libraries may change
                // the
                // environment while they are loaded.
                return of(NativeEnvironment.change(() -> NativeLibrary.getInstance(name)));
            } catch (UnsatisfiedLinkError e) {
                failures.add(name + " (" + reason(e) + ")");
            }
        }
        throw new CarrierException(
                "no MPI library for " + launcher.name() + ": tried " + String.join(", ", failures) + "; " + INSTALL);
    }

    /** Every library that is installed, one a line; loads them all, which a process that uses one must not do. */
    static String installed(MpiLauncher launcher) {
        LibC.protectSignalHandlers();
        String found = launcher.libraries().stream()
                .map(MpiLibrary::describeIfInstalled)
                .filter(description -> !description.isEmpty())
                .collect(Collectors.joining("\n"));
        return found.isEmpty() ? "no MPI library found; " + INSTALL : found;
    }

    private static String describeIfInstalled(String name) {
        try {
            // RTLD_LOCAL, or the symbols of the first library would be taken for those of the next.
            NativeLibrary library = NativeEnvironment.change(
                    () -> NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY)));
            return describe(library, version(library));
        } catch (UnsatisfiedLinkError e) {
            return "";
        }
    }

    String describe() {
        return describe(handle, version);
    }

    private static String describe(NativeLibrary library, String version) {
        return version + " (" + path(library) + ")";
    }

    private static MpiLibrary of(NativeLibrary library) throws CarrierException {
        String version = version(library);
        MpiAbi abi = MpiAbi.of(library, version)
                .orElseThrow(() -> new CarrierException(describe(library, version)
                        + " belongs to no known family of MPI libraries (Open MPI, MPICH, MPI 5 standard ABI)"));
        return new MpiLibrary(library, version, abi);
    }

    private static String version(NativeLibrary library) {
        Memory text = new Memory(MAX_VERSION_BYTES);
        IntByReference length = new IntByReference();
        library.getFunction("MPI_Get_library_version").invokeInt(new Object[] {text, length});
        return tidy(text.getString(0));
    }

    /** From "Open MPI v4.1.4, package: ..." or "MPICH Version:\t4.0.2\nMPICH Release date: ...". */
    static String tidy(String version) {
        return version.lines()
                .findFirst()
                .orElse("")
                .replaceFirst(",.*", "")
                .replaceFirst("Version\\s*:", "")
                .replaceFirst(" v(?=\\d)", " ")
                .replaceAll("\\s+", " ")
                .trim();
    }

    private static String reason(UnsatisfiedLinkError e) {
        // JNA's first line says only that it failed; the second is that of the loader, "NAME: why".
        return String.valueOf(e.getMessage())
                .lines()
                .skip(1)
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .orElse(String.valueOf(e.getMessage()));
    }

    private static String path(NativeLibrary library) {
        String name = Path.of(library.getName()).getFileName().toString();
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .filter(path -> path.startsWith("/") && path.contains(name))
                    .findFirst()
                    .orElse(library.getName());
        } catch (IOException e) {
            return library.getName(); // not Linux
        }
    }
}
