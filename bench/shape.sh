#!/bin/bash
# Completion tokens a second with a model of random weights: of the engine alone (128 + 128 tokens, then a shared prefix of
# 134 and 32 of their own), and end to end through `run --local`, from the first job taken to the last result collected.
#
# usage: bench/shape.sh GPU_FOLDER 13b|60m [ENGINE FLAGS...]
#   GPU_FOLDER   holds GgufGen.java, which writes the model
#   13b          for one H100: BF16, 26 GB, 192 slots, 768 jobs; give --backend-dir FOLDER with a CUDA backend for its GPU
#   60m          for a CPU: F16, 16 slots, 64 jobs
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage="usage: bench/shape.sh GPU_FOLDER 13b|60m [ENGINE FLAGS...]"
gpu=$(cd "${1:?$usage}" && pwd)
case "${2:-}" in
    13b) slots=192 jobs=768 shape="embd=5120 layers=40 heads=40 kv=40 ff=13824 vocab=32032 ctx=16384 theta=1e6 type=bf16" ;;
    60m) slots=16 jobs=64 shape="embd=512 layers=6 heads=8 kv=8 ff=1376 vocab=32016 ctx=4096 theta=1e6 type=f16" ;;
    *) echo "$usage" >&2; exit 2 ;;
esac
name=shape-$2
shift 2
work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-shape.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$root/millrace" --version
java "$gpu/GgufGen.java" "$work/$name.gguf" $shape >"$work/gguf.log" || { cat "$work/gguf.log" >&2; exit 1; }

engine() { # what, then flags of bench
    local what=$1
    shift
    "$root/millrace" bench --model "$work/$name.gguf" --slots $slots --jobs $jobs --max-tokens 128 --json "$@" 2>"$work/log" |
        node -e 'const f = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(process.argv[1] + ": " + Math.round(f.completion_tokens_per_s) + " completion tokens/s, ceiling " + Math.round(f.decode_ceiling_tokens_per_s))' "$what"
}
engine "engine, 128 + 128 tokens" --prompt-tokens 128 --slot-tokens 256 "$@"
engine "engine, 134 shared + 32 + 128 tokens" --shared-tokens 134 --prompt-tokens 32 --slot-tokens 512 "$@"

# Some 120 tokens a prompt with its wrapper: two-letter words, of which GgufGen's vocabulary has a token each.
node -e 'const letter = k => String.fromCharCode(97 + k);
    for (let i = 0; i < +process.argv[1]; i++) { const words = []; for (let w = 0; w < 100; w++) { const k = (i * 131 + w * 17 + i * w) % 676; words.push(letter(Math.floor(k / 26)) + letter(k % 26)); }
        console.log(JSON.stringify({ prompt: words.join(" ") })); }' $jobs >"$work/jobs.jsonl"
(cd "$work" && "$root/millrace" run --local --model "$name.gguf" -i jobs.jsonl -o out --slots $slots --slot-tokens 256 --max-tokens 128 --ignore-eos "$@") >"$work/run.log" 2>&1 ||
    { cat "$work/run.log" >&2; exit 1; }
taken=$(sed -n 's/^\([^ ]*\) .* assigned partitions=.*/\1/p' "$work/.millrace/log/worker.log" | head -n 1)
node -e 'const s = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); const seconds = (Date.parse(s.finished) - Date.parse(process.argv[2])) / 1000;
    console.log("end to end: " + s.answered + " jobs, " + Math.round(s.usage.prompt_tokens / s.answered) + " + " + Math.round(s.usage.completion_tokens / s.answered) + " tokens, " + Math.round(s.usage.completion_tokens / seconds) + " completion tokens/s")' "$work/out/run.json" "$taken"
