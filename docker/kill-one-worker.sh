#!/bin/bash
# Three workers, a run of 2,000 jobs from the producer service, one worker killed in mid-run; none may be lost, none double.
# It counts twice: the committed results in the topic (millrace audit), and the lines of the output files.
#
# usage: docker/kill-one-worker.sh [JOBS]      from anywhere, with the image millrace:cpu or the base images to build it
#
# COMPOSE is "docker compose" or "docker-compose". It is a compose project of its own with volumes of its own, both
# removed in the end; MILLRACE_KEEP=1 leaves them for a look.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
jobs=${1:-2000}
if [ -z "${COMPOSE:-}" ]; then
    if docker compose version >/dev/null 2>&1; then COMPOSE="docker compose"; else COMPOSE=docker-compose; fi
fi
export COMPOSE_PROJECT_NAME=millrace-kill
MILLRACE_INPUT=$(mktemp -d)
export MILLRACE_INPUT
runner=$COMPOSE_PROJECT_NAME-run
log=$MILLRACE_INPUT/run.log
started=$SECONDS

compose() { # shellcheck disable=SC2086 # COMPOSE may be two words
    $COMPOSE "$@"
}
finish() {
    if [ -z "${MILLRACE_KEEP:-}" ]; then
        docker rm -f "$runner" >/dev/null 2>&1 || true
        compose --profile tools down --volumes >/dev/null 2>&1 || true
    fi
    rm -rf "$MILLRACE_INPUT"
}
trap finish EXIT
say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
fail() {
    echo "kill-one-worker: $*" >&2
    exit 1
}

# Some of a worker's figures, from its /metrics by bash alone; the image has no curl.
figures() { # CONTAINER METRIC...
    local container=$1
    shift
    docker exec "$container" bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080 && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && cat <&3' |
        awk -v metrics="$*" '{ split($1, name, "{"); found[name[1]] += $2 }
            END { for (i = 1; i <= split(metrics, wanted, " "); i++) printf "%d ", found["millrace_" wanted[i]]; print "" }'
}
collected() { # lines that the producer has written by now
    docker exec "$runner" bash -c 'cat /data/out/results.jsonl* 2>/dev/null | wc -l' 2>/dev/null || echo 0
}
running() { [ "$(docker inspect -f '{{.State.Running}}' "$runner" 2>/dev/null)" = true ]; }

chmod 755 "$MILLRACE_INPUT"
awk -v jobs="$jobs" '{ sub(/"id": "[^"]*"/, "\"id\": \"row-%d\""); task[NR] = $0 }
    END { for (i = 0; i < jobs; i++) { line = task[i % NR + 1]; sub(/row-%d/, "row-" i, line); print line } }' \
    examples/tasks.jsonl >"$MILLRACE_INPUT/tasks.jsonl"

docker image inspect millrace:cpu >/dev/null 2>&1 || docker build -q -f docker/Dockerfile -t millrace:cpu .
compose up -d --scale worker=3 >"$MILLRACE_INPUT/up.log" 2>&1 || { cat "$MILLRACE_INPUT/up.log" >&2; fail "compose up failed"; }
mapfile -t workers < <(compose ps -q worker)
[ "${#workers[@]}" -eq 3 ] || fail "there are ${#workers[@]} workers, not 3"
for worker in "${workers[@]}"; do
    until [ "$(docker inspect -f '{{.State.Health.Status}}' "$worker")" = healthy ]; do
        [ $((SECONDS - started)) -lt 300 ] || fail "worker ${worker:0:12} is not healthy after 300 s: docker logs ${worker:0:12}"
        sleep 1
    done
done
say "Kafka and three workers are healthy: ${workers[*]:0}" | sed -E 's/([0-9a-f]{12})[0-9a-f]{52}/\1/g'

compose run --rm -T --name "$runner" producer run --model tiny-chatml-q8_0 -i /input/tasks.jsonl -o /data/out \
    >"$log" 2>&1 &
run=$!
until [ "$(collected)" -ge $((jobs / 4)) ]; do
    kill -0 "$run" 2>/dev/null || { cat "$log" >&2; fail "the run ended before a worker could be killed"; }
    sleep 0.2
done
victim=${workers[0]}
for worker in "${workers[@]}"; do
    read -r partitions runs waits < <(figures "$worker" partitions_owned jobs_running jobs_waiting)
    say "worker ${worker:0:12} owns $partitions partitions, has begun $runs jobs, has $waits waiting"
done
results=$(collected)
docker kill --signal KILL "$victim" >/dev/null
killed=$SECONDS
say "worker ${victim:0:12} is killed by SIGKILL and stays dead; $results of $jobs results are collected"
owned=0
while running && [ "$owned" -lt 64 ]; do
    sleep 0.5
    owned=$(($(figures "${workers[1]}" partitions_owned) + $(figures "${workers[2]}" partitions_owned)))
done
say "the other two own $owned of 64 partitions, $((SECONDS - killed)) s after the kill; $(collected) of $jobs results are collected"
wait "$run" || { cat "$log" >&2; fail "the run failed"; }
taken=$(for worker in "${workers[@]:1}"; do docker logs "$worker" 2>&1; done | grep -F "taken over from" | grep -F -- "-${victim:0:12}," || true)
say "they took over $(grep -c . <<<"$taken") partitions from it, in which $(sed -E 's/.*; ([0-9]+) jobs may have run.*/\1/' <<<"$taken" |
    awk '{ jobs += $1 } END { print jobs + 0 }') jobs that it may have begun run again"
say "$(tr '\r' '\n' <"$log" | grep -a 'is complete' | tail -n 1)"

id=$(sed -n 's/.*run \([0-9a-f]*\) is complete.*/\1/p' < <(tr '\r' '\n' <"$log") | tail -n 1)
echo
echo "The topic, read_committed (millrace audit $id):"
compose run --rm -T producer audit "$id" 2>/dev/null |
    sed "s/^worker ${victim:0:12}/& (killed)/" | tee "$MILLRACE_INPUT/audit"
echo
echo "The files:"
compose run --rm -T --entrypoint cat producer /data/out/results.jsonl 2>/dev/null |
    sed 's/.*"custom_id":"\([^"]*\)".*/\1/' | sort >"$MILLRACE_INPUT/ids"
seq 0 $((jobs - 1)) | sed 's/^/row-/' | sort >"$MILLRACE_INPUT/wanted"
lost=$(comm -13 <(uniq "$MILLRACE_INPUT/ids") "$MILLRACE_INPUT/wanted" | wc -l)
echo "jobs $jobs results $(wc -l <"$MILLRACE_INPUT/ids") lost $lost duplicates $(uniq -d "$MILLRACE_INPUT/ids" | wc -l)" |
    tee "$MILLRACE_INPUT/files"
for count in audit files; do
    grep -q "jobs $jobs results $jobs lost 0 duplicates 0" "$MILLRACE_INPUT/$count" || fail "not every job has one result"
done
