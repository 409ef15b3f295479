package io.millrace.producer.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * By util-linux alone: {@code unshare} makes the namespaces, a script the file system, {@code chroot} and {@code setpriv}
 * leave nothing to get out with.
 *
 * <p>Immutable.
 */
record Unshare() implements Confinement {
    /** Arguments: the folder, the file's name, bytes to write, folders to see and links with their targets; {@code --}. */
    private static final String SCRIPT = """
            set -e
            root=$1/root; file=$1/$2; name=$2; bytes=$3
            shift 3
            mount -t proc none /proc
            mount -t tmpfs -o size=1m,mode=755 none "$root"
            while [ "$1" != -- ]; do
              case $1 in
                see) mkdir -p "$root$2"; mount --rbind "$2" "$root$2"; shift 2 ;;
                link) ln -s "$2" "$root$3"; shift 3 ;;
              esac
            done
            shift
            mkdir "$root/proc" "$root/dev" "$root/work"
            ln -s work "$root/tmp"
            mount -t proc none "$root/proc"
            for device in null zero random urandom; do
              touch "$root/dev/$device"; mount --bind /dev/$device "$root/dev/$device"
            done
            mount -t tmpfs -o size=$bytes,mode=755 none "$root/work"
            cp "$file" "$root/work/$name"
            mount -o remount,bind,ro "$root"
            echo 0 > /proc/sys/user/max_user_namespaces
            exec chroot "$root" setpriv --no-new-privs --bounding-set=-all --inh-caps=-all env -C /work "$@"
            """;

    @Override
    public String name() {
        return "unshare";
    }

    @Override
    public List<String> command(Path folder, Program program) {
        List<String> command = new ArrayList<>(Machine.withoutRoot());
        // A group of its own: the first process of a PID namespace has the parent 0, and kill(0) reaches the group.
        command.addAll(List.of("setsid", "env", "-i"));
        command.addAll(Machine.environment());
        command.addAll(List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "--net",
                "--pid",
                "--ipc",
                "--uts",
                "--fork",
                "--kill-child=KILL",
                "sh",
                "-c",
                SCRIPT,
                "sandbox",
                folder.toString(),
                program.file(),
                Long.toString(program.limits().fileBytes())));
        Machine.folders().forEach(path -> command.addAll(List.of("see", path)));
        Machine.links().forEach(link -> command.addAll(List.of("link", link.get(0), link.get(1))));
        command.add("--");
        command.addAll(program.limits().prlimit(program.command()));
        return command;
    }
}
