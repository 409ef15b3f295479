#!/usr/bin/env bash
# Makes sure that the headers and libraries of llama.cpp lie in a folder, and says whether the native build is current.
#
# usage: prepare-llama-cpp.sh HOME DEFAULT_HOME MODULE_DIR TARGET_DIR
#
# HOME is a folder with include/, ggml/include/, common/ and the libraries (lib/, bin/, build/bin/ or build/lib/). When it
# is DEFAULT_HOME it is filled from two npm packages, checked against the hashes below; it is unpacked beside its place
# and then moved there, so a folder that exists is whole. A llama.cpp of one's own is only looked at.
#
# In TARGET_DIR it leaves llama-lib/, which holds the libraries under the names that the preset links, and the file
# llama-cpp.cdx.json, a bill of materials of what was fetched, and the file
# native-current when headers, libraries, preset and helper headers are those of the last native build.
set -euo pipefail

HOME_DIR=$1 DEFAULT_HOME=$2 MODULE_DIR=$3 TARGET=$4

VERSION=3.22.1
SOURCES=node-llama-cpp
SOURCES_SHA512=bltIipuWmc123H7tMIgDGKSsSrhmhlQYeVUC48XTjVW7XGJJiJJyCdlTMzQ/LiWoPkGDpcL4FviDpgw7qfTiDw==
LIBRARIES=@node-llama-cpp/linux-x64
LIBRARIES_SHA512=5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg==

fail() {
    printf '\n*** llama.cpp: %s\n\n' "$*" >&2
    exit 1
}

needs() { # COMMAND PACKAGE PURPOSE
    command -v "$1" >/dev/null 2>&1 || fail "$1 is not installed; it is needed to $3. On Debian or Ubuntu: apt-get install $2"
}

hex() { # the hexadecimal form of a base64 hash
    base64 -d <<<"$1" | od -An -v -tx1 | tr -d ' \n'
}

pack() { # PACKAGE SHA512, gives the file's name
    local file
    file=$(npm pack --silent --ignore-scripts "$1@$VERSION" 2>npm.log | tail -n 1) || true
    if [ -z "$file" ] || [ ! -f "$file" ]; then
        tail -n 20 npm.log >&2
        fail "npm pack $1@$VERSION brought nothing (see above). Is there a network, and does npm have a registry? Or give a llama.cpp of your own: -Dllama.home=DIR"
    fi
    echo "$(hex "$2")  $file" | sha512sum --check --status ||
        fail "$1@$VERSION is not the file that this build was made for: its sha512 is $(sha512sum "$file" | cut -d' ' -f1), not $(hex "$2"). Nothing of it was used."
    printf '%s' "$file"
}

fetch() {
    needs npm npm "fetch llama.cpp"
    needs git git "unpack llama.cpp's headers"
    needs sha512sum coreutils "check what was fetched"
    mkdir -p "$(dirname "$HOME_DIR")"
    local work whole
    work=$(mktemp -d "$HOME_DIR.XXXXXX")
    trap 'rm -rf "'"$work"'"' EXIT
    echo "Fetching llama.cpp ($SOURCES and $LIBRARIES $VERSION, 47 MB) into $HOME_DIR"
    whole=$work/whole
    mkdir -p "$whole/lib"
    (
        cd "$work"
        libraries=$(pack "$LIBRARIES" "$LIBRARIES_SHA512")
        sources=$(pack "$SOURCES" "$SOURCES_SHA512")
        tar -xzf "$libraries" -C "$whole/lib" --strip-components=3 package/bins/linux-x64
        tar -xzf "$sources" package/llama/gitRelease.bundle
        git clone --quiet --bare package/llama/gitRelease.bundle sources.git 2>git.log ||
            { cat git.log >&2; fail "the git bundle in $SOURCES@$VERSION cannot be read (see above)"; }
        git --git-dir=sources.git archive HEAD LICENSE include ggml/include common | tar -x -C "$whole"
        rm -f "$whole"/lib/*.node "$whole"/lib/*.json
        find "$whole/common" -type f ! -name '*.h' -delete
        find "$whole/common" -type d -empty -delete
    )
    # Another build may have been quicker; what lies there is whole then.
    mv -T "$whole" "$HOME_DIR" 2>/dev/null || [ -f "$HOME_DIR/include/llama.h" ] || fail "cannot write $HOME_DIR"
}

link_as() { # DIR NAME CANDIDATES...: the first candidate that exists, under the name that the preset links
    local dir=$1 name=$2 candidate
    shift 2
    for candidate in "$@"; do
        if [ -e "$dir/$candidate" ]; then
            cp -L "$dir/$candidate" "$TARGET/llama-lib/$name"
            return
        fi
    done
    fail "$dir holds none of $*; -Dllama.home=$HOME_DIR must be a llama.cpp v0.5.0 built with -DBUILD_SHARED_LIBS=ON"
}

needs g++ g++ "compile the Java binding of llama.cpp"
if [ ! -f "$HOME_DIR/include/llama.h" ]; then
    [ "$HOME_DIR" = "$DEFAULT_HOME" ] || fail "-Dllama.home=$HOME_DIR has no include/llama.h; it must be a llama.cpp folder with headers and libraries"
    fetch
fi

libraries=
for candidate in lib bin build/bin build/lib; do
    for name in libllama.v0.5.0.so libllama.so; do
        if [ -z "$libraries" ] && [ -e "$HOME_DIR/$candidate/$name" ]; then libraries=$HOME_DIR/$candidate; fi
    done
done
[ -n "$libraries" ] || fail "$HOME_DIR has no libllama.so in lib, bin, build/bin or build/lib"

component() { # PACKAGE SHA512
    local scoped=${1/@/%40}
    printf '{"type":"library","name":"%s","version":"%s","purl":"pkg:npm/%s@%s",' "$1" "$VERSION" "$scoped" "$VERSION"
    printf '"licenses":[{"license":{"id":"MIT"}}],"hashes":[{"alg":"SHA-512","content":"%s"}]}' "$(hex "$2")"
}

bill() { # a llama.cpp of one's own is named, and no more is said of it
    printf '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[\n'
    printf '{"type":"library","name":"llama.cpp","version":"0.5.0","licenses":[{"license":{"id":"MIT"}}]}'
    if [ "$HOME_DIR" = "$DEFAULT_HOME" ]; then
        printf ',\n%s,\n%s' "$(component "$LIBRARIES" "$LIBRARIES_SHA512")" "$(component "$SOURCES" "$SOURCES_SHA512")"
    fi
    printf '\n]}\n'
}

# Whatever decides what the native build gives.
inputs=$(
    {
        echo "$libraries"
        ls -lL --time-style=full-iso "$libraries" "$HOME_DIR/include" "$HOME_DIR/ggml/include"
        cat "$MODULE_DIR/pom.xml" "$0"
        find "$MODULE_DIR/src/main" -type f \( -name '*.h' -o -name '*.java' \) -print0 | sort -z | xargs -0 cat
    } | sha512sum | cut -c1-32
)
mkdir -p "$TARGET"
bill >"$TARGET/llama-cpp.cdx.json"
rm -f "$TARGET/native-current"
if [ "$(cat "$TARGET/native-built" 2>/dev/null)" = "$inputs" ]; then
    touch "$TARGET/native-current"
    exit 0
fi
rm -rf "$TARGET/llama-lib" "$TARGET/native-built"
mkdir -p "$TARGET/llama-lib"
link_as "$libraries" libggml-base.so libggml-base.so
link_as "$libraries" libggml.v0.5.0.so libggml.v0.5.0.so libggml.so
link_as "$libraries" libllama.v0.5.0.so libllama.v0.5.0.so libllama.so
link_as "$libraries" libllama-common.so libllama-common.so
backends=0
for backend in "$libraries"/libggml-*.so; do
    case $(basename "$backend") in
        libggml-base.so) ;;
        *) cp -L "$backend" "$TARGET/llama-lib/"; backends=$((backends + 1)) ;;
    esac
done
[ "$backends" -gt 0 ] || fail "$libraries holds no libggml-cpu*.so; build llama.cpp with -DGGML_BACKEND_DL=ON"
echo "$inputs" >"$TARGET/native-inputs"
