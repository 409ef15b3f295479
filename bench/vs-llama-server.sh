#!/bin/bash
# Jobs a second of `millrace run --local`, from the first job taken to the last result collected, against llama-server on
# the same libraries, model, jobs and slots. Both run alternately, each with the threads that suit it best; the last line
# is the ratio of the medians.
#
# usage: bench/vs-llama-server.sh [-n SAMPLES] PEER_FOLDER [JOBS [ROUNDS]]
#   -n SAMPLES    samples a job; llama-server gets them as `n` or as so many requests, whichever it does faster
#   PEER_FOLDER   holds llama-server.sh, llama-server, drive.mjs and jobs.mjs
# Needs node and curl, and a machine with nothing else to do.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
samples=1
if [ "${1:-}" = -n ]; then
    samples=${2:?-n wants the number of samples}
    shift 2
fi
peer=$(cd "${1:?usage: bench/vs-llama-server.sh [-n SAMPLES] PEER_FOLDER [JOBS [ROUNDS]]}" && pwd)
jobs=${2:-2000}
rounds=${3:-3}
slots=16
model=$root/models/tiny-chatml-q8_0.gguf
tasks=$root/examples/tasks.jsonl
work=$(mktemp -d)
server=
stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}
trap 'stop_server; rm -rf "$work"' EXIT

"$root/millrace" --version
libraries=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/millrace/llama-cpp" -name 'libllama.v*.so' -printf '%h\n' | head -n 1)
node "$peer/jobs.mjs" "$tasks" "$jobs" >"$work/jobs.jsonl"
awk -v n="$samples" '{ for (i = 0; i < n; i++) print }' "$work/jobs.jsonl" >"$work/requests.jsonl"
# the peer's driver, asking for n samples a request
sed "s/body = JSON.stringify({/& n: $samples,/" "$peer/drive.mjs" >"$work/drive-n.mjs"
grep -q "n: $samples," "$work/drive-n.mjs" || { echo "$peer/drive.mjs makes its requests otherwise than known" >&2; exit 1; }
echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1 /proc/loadavg)"

# llama-server's jobs a second with so many threads, for so many jobs, the samples asked for by `n` or by `requests`
serve() {
    local threads=$1 count=$2 by=$3 port=$((20000 + RANDOM % 20000))
    bash "$peer/llama-server.sh" "$libraries" "$model" $slots $((slots * 1024)) $port -t "$threads" >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        curl -sf "http://127.0.0.1:$port/health" >"$work/health" 2>&1 && break
        sleep 0.2
    done
    if [ "$by" = n ]; then
        node "$work/drive-n.mjs" "$work/jobs.jsonl" "$count" $slots $port >"$work/figures.json"
    else
        node "$peer/drive.mjs" "$work/requests.jsonl" $((count * samples)) $slots $port >"$work/figures.json"
    fi
    stop_server
    node -e 'const f = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); if (f.failed) throw new Error("llama-server failed " + f.failed + " requests");
        console.log((+process.argv[2] / f.seconds).toFixed(1))' "$work/figures.json" "$count"
}

# Millrace's: from the worker's partitions being assigned, which is before its first job, to the end of the run
run() {
    (cd "$work" && rm -rf .millrace out && "$root/millrace" run --local -i jobs.jsonl -o out -n "$samples" --slots $slots --new) >"$work/run.log" 2>&1 ||
        { cat "$work/run.log" >&2; return 1; }
    local taken
    taken=$(sed -n 's/^\([^ ]*\) .* assigned partitions=.*/\1/p' "$work/.millrace/log/worker.log" | head -n 1)
    node -e 'const s = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
        if (s.answered !== +process.argv[3]) throw new Error(s.answered + " answers");
        console.log((s.answered / ((Date.parse(s.finished) - Date.parse(process.argv[2])) / 1000)).toFixed(1))' "$work/out/run.json" "$taken" "$jobs"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

best=1
best_by=requests
fastest=0
for threads in $(seq "$(nproc)"); do
    for by in requests n; do
        if [ "$by" = n ] && [ "$samples" = 1 ]; then continue; fi
        rate=$(serve "$threads" $((jobs / 5)) $by)
        echo "llama-server with $threads threads, samples by $by, $((jobs / 5)) jobs: $rate jobs/s"
        if awk "BEGIN { exit !($rate > $fastest) }"; then best=$threads best_by=$by fastest=$rate; fi
    done
done
for round in $(seq "$rounds"); do
    rate=$(run)
    echo "round $round: millrace $rate jobs/s"
    echo "$rate" >>"$work/ours"
    rate=$(serve "$best" "$jobs" $best_by)
    echo "round $round: llama-server ($best threads, samples by $best_by) $rate jobs/s"
    echo "$rate" >>"$work/theirs"
done
ours=$(median <"$work/ours")
theirs=$(median <"$work/theirs")
echo "medians: millrace $ours jobs/s, llama-server $theirs jobs/s"
awk "BEGIN { printf \"ratio %.2f\n\", $ours / $theirs }"
