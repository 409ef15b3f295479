#!/bin/bash
# Three workers, a run of 2,000 jobs from the producer service, one worker killed in mid-run; none may be lost, none double.
# usage: docker/kill-one-worker.sh [JOBS]      from anywhere; COMPOSE="docker compose" or "docker-compose"
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
jobs=${1:-2000}
if [ -z "${COMPOSE:-}" ]; then
    if docker compose version >/dev/null 2>&1; then COMPOSE="docker compose"; else COMPOSE=docker-compose; fi
fi
out=kill-$(date +%s)
MILLRACE_INPUT=$(mktemp -d)
export MILLRACE_INPUT
chmod 755 "$MILLRACE_INPUT"
seq "$jobs" | awk '{ printf "{\"id\": \"row-%d\", \"prompt\": \"What is %d + %d?\"}\n", $1, $1 % 50, $1 % 37 }' >"$MILLRACE_INPUT/prompts.jsonl"
producer() { $COMPOSE run --rm -T "$@"; }
finish() {
    $COMPOSE stop >/dev/null 2>&1 || true
    rm -rf "$MILLRACE_INPUT"
}
trap finish EXIT

docker image inspect millrace:cpu >/dev/null 2>&1 || docker build -q -f docker/Dockerfile -t millrace:cpu .
$COMPOSE up -d --scale worker=3 kafka worker
producer producer run --model tiny-chatml-q8_0 -i /input/prompts.jsonl --max-tokens 48 -o "/data/$out" --new &
run=$!
lines() { producer --entrypoint bash producer -c "cat /data/$out/results.jsonl* 2>/dev/null | wc -l" | tr -d '\r'; }
until [ "$(lines)" -ge $((jobs / 4)) ]; do
    kill -0 "$run" 2>/dev/null || { echo "the run ended before a worker could be killed" >&2; exit 1; }
    sleep 1
done
victim=$($COMPOSE ps -q worker | head -n 1)
echo "killing worker $victim after $(lines) results"
docker kill --signal KILL "$victim" >/dev/null
wait "$run"
total=$(lines)
distinct=$(producer --entrypoint bash producer -c "sed 's/.*\"custom_id\":\"\([^\"]*\)\".*/\1/' /data/$out/results.jsonl | sort -u | wc -l" | tr -d '\r')
echo "$jobs jobs, $total results, $distinct of them distinct"
[ "$total" -eq "$jobs" ] && [ "$distinct" -eq "$jobs" ]
