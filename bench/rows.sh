#!/bin/bash
# A million rows through submit and collect, with a real broker and a stand-in for the workers that answers each job with
# its own prompt; submit and collect are timed as whole commands, each with the heap below and beside the broker only.
# bench/rows.sh [ROWS]; its last two lines are the rates. Needs the project built with its tests: see build below.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rows=${1:-1000000}
heap=-Xmx512m
port=29392
work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-rows.XXXXXX")
classes=$root/cli/target/test-classes:$root/cli/target/millrace/millrace.jar:$root/cli/target/millrace/lib/*
broker=

finish() {
    if [ -n "$broker" ]; then
        kill "$broker" 2>/dev/null || true
        wait "$broker" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT

if [ ! -f "$root/cli/target/test-classes/io/millrace/bench/EchoWorker.class" ] || [ ! -f "$root/cli/target/millrace/millrace.jar" ]; then
    echo "build first: ./mvnw -q -B -DskipTests package" >&2
    exit 2
fi

# What the launcher does, with a heap and a record of the most memory taken.
millrace() {
    java $heap -XX:+UseSerialGC -XX:TieredStopAtLevel=${MILLRACE_BENCH_TIER:-1} -Xshare:auto ${JFR:-} -cp "$root/cli/target/millrace/millrace.jar:$root/cli/target/millrace/lib/*" \
        io.millrace.cli.Main "$@"
}

timed() { # name, output of the command, command...
    local name=$1 out=$2 start end
    shift 2
    start=$(date +%s%N)
    millrace "$@" >"$out" 2>"$work/$name.err" || { cat "$work/$name.err" >&2; exit 1; }
    end=$(date +%s%N)
    tail -n 1 "$work/$name.err" >&2
    awk -v n="$rows" -v ns="$((end - start))" -v what="$name" 'BEGIN { printf "%s %d rows in %.1f s: %.0f rows/s\n", what, n, ns / 1e9, n * 1e9 / ns }' >>"$work/rates"
}

cd "$work"
seq "$rows" | awk '{ printf "{\"id\": \"row-%d\", \"prompt\": \"What is %d plus %d? Answer with the number and one short sentence.\", \"source\": \"bench\", \"difficulty\": %d}\n", $1, $1, $1 * 7 % 1000, $1 % 5 }' >prompts.jsonl
echo "$rows rows, $(du -h prompts.jsonl | cut -f1)B of input" >&2

millrace broker --data "$work/broker" --port $port >"$work/broker.log" 2>&1 &
broker=$!
for _ in $(seq 60); do
    (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break
    sleep 0.5
done

timed submit run.id submit --bootstrap-server 127.0.0.1:$port --model echo -i prompts.jsonl
java $heap -cp "$classes" io.millrace.bench.EchoWorker 127.0.0.1:$port millrace echo "$rows" >&2
timed collect collect.out collect "$(tail -n 1 run.id)" --bootstrap-server 127.0.0.1:$port -o out
[ "$(wc -l <out/results.jsonl)" -eq "$rows" ]
cat "$work/rates"
