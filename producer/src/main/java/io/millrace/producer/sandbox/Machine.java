package io.millrace.producer.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What of this machine a confined program gets to see, and its tools. Thread-safe. */
final class Machine {
    private static final String NOBODY = "65534";
    private static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");
    private static final List<String> ROOTS = List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

    private Machine() {}

    /** A tool where a system has it, whatever the user's PATH says. */
    static Optional<String> tool(String name) {
        return FOLDERS.stream()
                .map(folder -> folder + "/" + name)
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    /**
     * What turns root into nobody before anything else: the kernel does not count root's processes, and root may do more
     * than a limit can forbid. Empty for other users.
     */
    static List<String> withoutRoot() {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    /** Top folders that are links into /usr, as {@code target, link}. */
    static List<List<String>> links() {
        List<List<String>> links = new ArrayList<>();
        for (String root : ROOTS) {
            Path path = Path.of(root);
            if (Files.isSymbolicLink(path)) {
                links.add(List.of(target(path), root));
            }
        }
        return links;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Folders that are seen, read only: programs, libraries, this JDK with its settings. Nothing of a user's. */
    static List<String> folders() {
        Path java = Path.of(System.getProperty("java.home"));
        List<String> folders = new ArrayList<>(List.of("/usr"));
        ROOTS.stream()
                .filter(root -> Files.isDirectory(Path.of(root)) && !Files.isSymbolicLink(Path.of(root)))
                .forEach(folders::add);
        if (!java.startsWith("/usr")) {
            folders.add(java.toString());
        }
        // Debian's JDK has its settings here; of /etc nothing else is seen.
        try (Stream<Path> etc = Files.list(Path.of("/etc"))) {
            etc.filter(path -> path.getFileName().toString().matches("java-[0-9]+-openjdk"))
                    .forEach(path -> folders.add(path.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folders;
    }

    /** The environment that a program sees. */
    static List<String> environment() {
        return List.of("PATH=/usr/bin:/bin:/usr/local/bin:/usr/sbin:/sbin", "HOME=" + Confinement.WORK, "LANG=C.UTF-8");
    }
}
