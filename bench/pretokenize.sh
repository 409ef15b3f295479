#!/bin/bash
# About a gigabyte of chats, examples/pretokenize/ repeated, through the pretokenizer with Llama's vocabulary.
# bench/pretokenize.sh [MEGABYTES]; its last line is the rate. Megabytes are those of the chats as --write-json writes
# them; the time is that of the whole command, start and both readings of its input counted.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
megabytes=${1:-1000}
vocabulary=$root/worker/src/test/resources/llama/ggml-vocab-llama-spm.gguf
work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-pretokenize.XXXXXX")
export MILLRACE_JAVA_OPTIONS=${MILLRACE_JAVA_OPTIONS:--Xmx256m}
trap 'rm -rf "$work"' EXIT
cd "$work"

for name in orca chats trees; do mkdir "$name"; done
# One chat a line; the array of the example is written so that its lines are rows.
grep '^{' "$root/examples/pretokenize/orca-chat-gpt4.json" | sed 's/,$//' >orca/one.jsonl
cp "$root/examples/pretokenize/bestofmegacode.jsonl" chats/one.jsonl
gzip -dc "$root/examples/pretokenize/2023-08-25_oasst_ready.jsonl.gz" >trees/one.jsonl

pretokenize() { # which files, output folder, options...
    local files=$1 out=$2
    shift 2
    cat >"$out.yaml" <<END
mix:
  datasets:
    - orca-chat: {input_file_path: orca/$files, val_split: 0.01}
    - bestofmegacode: {input_file_path: chats/$files, val_split: 0.01}
    - oasst_export: {input_file_path: trees/$files, lang: "en", val_split: 0.01}
  output_dir: $out
  filename_prefix: mix
  vocab_file: $vocabulary
END
    exec "$root/millrace" pretokenize --config-file "$out.yaml" --configs mix "$@"
}

(pretokenize one.jsonl one --write-json) >/dev/null
once=$(cat one/mix-*.jsonl | wc -c)
times=$(((megabytes * 1000000 + once - 1) / once))
for name in orca chats trees; do
    for _ in $(seq "$times"); do cat "$name/one.jsonl"; done >"$name/many.jsonl"
done
bytes=$((once * times))
echo "the examples $times times: $((bytes / 1000000)) MB of chats; input $(du -shc ./*/many.jsonl | tail -n 1 | cut -f1)B" >&2

pretokenize many.jsonl many >stats 2>progress &
pid=$!
start=$(date +%s%N)
ticks=0
while read -r -a stat </proc/$pid/stat 2>/dev/null && [ "${stat[2]}" != Z ]; do
    ticks=$((stat[13] + stat[14]))
    grep -s VmRSS "/proc/$pid/status" | awk '{ print $2 }' >>memory || true
    sleep 0.5
done
wait "$pid" || { cat progress >&2; exit 1; }
end=$(date +%s%N)
cat stats >&2
awk '{ at[NR] = $1 / 1024 } END {
    printf "resident memory, the most in each fifth of the time:"
    for (i = 0; i < 5; i++) {
        most = 0
        for (n = int(NR * i / 5) + 1; n <= int(NR * (i + 1) / 5); n++) if (at[n] > most) most = at[n]
        printf " %.0f", most
    }
    print " MB" }' memory
awk -v bytes="$bytes" -v ns="$((end - start))" -v ticks="$ticks" -v hz="$(getconf CLK_TCK)" -v cores="$(nproc)" \
    -v ids="$(wc -c <many/mix-train-text.bin)" 'BEGIN {
    seconds = ns / 1e9
    printf "%.0f MB, %.0f million ids in %.1f s, %.2f of %d cores busy: %.1f MB/s\n", \
        bytes / 1e6, ids / 2e6, seconds, ticks / hz / seconds, cores, bytes / 1e6 / seconds }'
