#!/bin/bash
# The engine's decode rate with full sampling, against llama-batched-bench, which does no sampling and no scheduling: 16
# sequences of 16 + 128 tokens, alternately, each with the threads and the cache layout that suit it best; the last line is
# the ratio of the medians.
#
# usage: bench/ceiling.sh PEER_FOLDER [ROUNDS]
#   PEER_FOLDER   holds llama-server.sh and llama-batched-bench
# Needs a machine with nothing else to do.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
peer=$(cd "${1:?usage: bench/ceiling.sh PEER_FOLDER [ROUNDS]}" && pwd)
rounds=${2:-5}
model=$root/models/tiny-chatml-q8_0.gguf
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$root/millrace" --version
libraries=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/millrace/llama-cpp" -name 'libllama.v*.so' -printf '%h\n' | head -n 1)
echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1 /proc/loadavg)"

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

theirs() { # threads, further flags: decode tokens a second
    local threads=$1
    shift
    bash "$peer/llama-server.sh" --batched-bench "$libraries" "$model" -c 16384 -npp 16 -ntg 128 -npl 16 -fa on \
        -t "$threads" -tb "$threads" "$@" 2>"$work/log" | awk -F'|' '/^\| *16 /{ gsub(/ /, "", $9); print $9 }'
}

ours() { # flags of bench: decode tokens a second
    "$root/millrace" bench --slots 16 --jobs 96 --prompt-tokens 16 --max-tokens 128 --json "$@" 2>"$work/log" |
        node -e 'const f = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(f.decode_ceiling_tokens_per_s)'
}

# The setting of several that is fastest in one try
best() { # function, settings...
    local what=$1 fastest=0 chosen= rate
    shift
    for setting in "$@"; do
        rate=$($what $setting)
        echo "$what $setting: $rate tokens/s" >&2
        if awk "BEGIN { exit !($rate > $fastest) }"; then fastest=$rate chosen=$setting; fi
    done
    echo "$chosen"
}

settings=()
for threads in $(seq "$(nproc)"); do settings+=("$threads" "$threads -kvu"); done
their_best=$(best theirs "${settings[@]}")
our_best=$(best ours "" "--kv-layout STREAMS")
for round in $(seq "$rounds"); do
    rate=$(theirs $their_best)
    echo "round $round: batched-bench ($their_best) $rate tokens/s"
    echo "$rate" >>"$work/theirs"
    rate=$(ours $our_best)
    echo "round $round: millrace bench ($our_best) $rate tokens/s"
    echo "$rate" >>"$work/ours"
done
theirs=$(median <"$work/theirs")
ours=$(median <"$work/ours")
echo "medians: millrace bench $ours tokens/s, batched-bench $theirs tokens/s"
awk "BEGIN { printf \"ratio %.2f\n\", $ours / $theirs }"
