// What the picture lists: runs, workers, results, failures.

/** 3725 becomes "1:02:05". */
function duration(seconds) {
    const two = number => String(number).padStart(2, "0");
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function time(millis) {
    return new Date(millis).toLocaleTimeString();
}

function facts(pairs) {
    return h(
        "dl",
        { class: "facts" },
        pairs.filter(([, value]) => value !== undefined).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    );
}

/** Shares of a whole: {of, class} each; the rest stays empty. */
function bar(parts, whole, label) {
    const done = parts.reduce((sum, part) => sum + part.of, 0);
    const share = whole ? Math.min(100, (100 * done) / whole) : 0;
    return h(
        "div",
        { class: "bar", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.floor(share) },
        parts.map(part => h("span", { class: part.class, style: { width: `${whole ? (100 * part.of) / whole : 0}%` } })),
    );
}

function nothing(text) {
    return h("p", { class: "quiet" }, text);
}

const RUN_BADGES = { COMPLETE: "good", CANCELLED: "bad", SEALED: "", OPEN: "" };

function timeLeft(run) {
    if (run.state === "COMPLETE" || run.state === "CANCELLED") return undefined;
    return run.seconds_left === undefined ? "?" : duration(run.seconds_left);
}

function runItem(run) {
    const done = run.answered + run.failed;
    const share = run.jobs ? Math.floor((100 * done) / run.jobs) : 0;
    const kinds = Object.entries(run.failures);
    return h(
        "li",
        { class: "item run", "data-run": run.id },
        h(
            "div",
            { class: "line" },
            h("span", { class: "id" }, run.id),
            h("span", { class: "badge " + RUN_BADGES[run.state] }, run.state.toLowerCase()),
            h("span", { class: "quiet model" }, run.model),
            h("span", { class: "share" }, `${share} %`),
        ),
        bar([{ of: run.answered, class: "answered" }, { of: run.failed, class: "failed" }], run.jobs, `run ${run.id}`),
        facts([
            ["done", `${count(done)} of ${count(run.jobs)}${run.state === "OPEN" ? " so far" : ""}`],
            ["failed", run.failed ? count(run.failed) : undefined],
            ["jobs/s", done ? decimal(run.jobs_per_second, 1) : undefined],
            ["left", timeLeft(run)],
            ["prompt tokens", count(run.prompt_tokens)],
            ["answer tokens", count(run.completion_tokens)],
            ["since", new Date(run.created).toLocaleString()],
        ]),
        kinds.length > 0 &&
            h("p", { class: "kinds" }, kinds.map(([kind, jobs]) => h("span", { class: "badge bad" }, `${kind} ${count(jobs)}`))),
    );
}

const CONDITIONS = {
    UP: ["up", "good"],
    ENGINE_DOWN: ["engine not ready", "warn"],
    SILENT: ["does not answer", "bad"],
    NOT_ASKED: ["in its group", ""],
};

function workerItem(worker) {
    const [condition, badge] = CONDITIONS[worker.condition];
    const known = worker.slots !== undefined;
    return h(
        "li",
        { class: "item worker" },
        h(
            "div",
            { class: "line" },
            h("span", { class: "id" }, worker.name),
            h("span", { class: "badge " + badge }, condition),
            h("span", { class: "quiet model" }, worker.model),
        ),
        known && bar([{ of: worker.busy_slots, class: "busy" }], worker.slots, `slots of ${worker.name}`),
        facts([
            ["slots", known ? `${worker.busy_slots} of ${worker.slots}` : undefined],
            ["tokens/s", known ? count(worker.tokens_per_second) : undefined],
            ["waiting", known ? count(worker.waiting) : undefined],
            ["cache", known ? percent(worker.kv_use) : undefined],
            ["partitions", count(worker.partitions)],
            ["backlog of the model", known ? count(worker.backlog) : undefined],
        ]),
    );
}

function jobItem(job, failed) {
    return h(
        "li",
        { class: "item job" },
        h(
            "div",
            { class: "line" },
            h("span", { class: "id" }, job.custom_id || job.id),
            h("span", { class: "badge " + (failed ? "bad" : job.ending === "stop" ? "good" : "warn") }, job.ending),
            h("span", { class: "quiet when" }, time(1000 * job.created)),
        ),
        h(
            "p",
            { class: "quiet small" },
            [
                failed ? job.id : `${count(job.prompt_tokens)} + ${count(job.completion_tokens)} tokens`,
                job.seconds === undefined ? "" : `${decimal(job.seconds, 2)} s`,
                job.worker,
            ]
                .filter(part => part)
                .join(" \u00b7 "),
        ),
        job.content !== undefined && h("p", { class: "content" }, job.content),
    );
}

function list(items, empty) {
    return items.length ? h("ul", { class: "items" }, items) : nothing(empty);
}
