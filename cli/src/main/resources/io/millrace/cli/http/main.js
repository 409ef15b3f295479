// Follows the pictures and shows them. A part of the page changes when what it shows has changed, and not before.

const STALE_MILLIS = 5000;
const shownParts = {};
let newest = null;
let heardAt = 0;

function part(id, value, draw) {
    const now = JSON.stringify(value);
    if (shownParts[id] === now) return;
    shownParts[id] = now;
    byId(id).replaceChildren(...[draw(value)].flat());
}

function figure([name, value]) {
    return h("div", { class: "figure" }, h("dt", {}, name), h("dd", {}, value));
}

function figures(picture) {
    const failed = picture.runs.reduce((sum, run) => sum + run.failed, 0);
    const active = picture.runs.filter(run => run.state === "OPEN" || run.state === "SEALED").length;
    return [
        ["tokens/s", count(picture.tokens_per_second)],
        ["jobs/s", decimal(picture.jobs_per_second, 1)],
        ["runs going on", count(active)],
        ["workers up", `${picture.workers_up} of ${picture.workers.length}`],
        ["slots busy", picture.slots ? `${picture.busy_slots} of ${picture.slots}` : "\u2013"],
        ["failed jobs", count(failed)],
    ];
}

function show(picture) {
    newest = picture;
    byId("cluster").textContent = picture.cluster;
    byId("notes").hidden = picture.notes.length === 0;
    part("notes", picture.notes, notes => notes.map(note => h("li", {}, note)));
    part("figures", figures(picture), pairs => pairs.map(figure));
    showTokens(picture.tokens);
    part("runs", picture.runs, runs => list(runs.map(runItem), "No runs yet."));
    part("workers", picture.workers, workers => list(workers.map(workerItem), "No workers are known."));
    part("results", picture.results, results => list(results.map(job => jobItem(job, false)), "No answers yet."));
    part("failures", picture.failures, jobs => list(jobs.map(job => jobItem(job, true)), "None."));
    document.documentElement.dataset.ready = "true";
}

/** Whether the page is fresh: the connection, and the age of what is shown. */
function showLink(connected) {
    const link = byId("link");
    const silent = performance.now() - heardAt;
    const state = !connected ? "lost" : silent > STALE_MILLIS ? "stale" : "live";
    const texts = { lost: "connecting again", stale: `no news for ${Math.round(silent / 1000)} s`, live: "live" };
    if (link.dataset.state !== state || state === "stale") link.textContent = texts[state];
    link.dataset.state = state;
}

function start() {
    theme(false);
    byId("theme").addEventListener("click", () => {
        theme(true);
        if (newest) show(newest);
    });
    const events = new EventSource("/events");
    events.addEventListener("picture", event => {
        heardAt = performance.now();
        show(JSON.parse(event.data));
        showLink(true);
    });
    events.addEventListener("error", () => {
        showLink(false);
        // A browser gives up for good when it is refused: the login is over then, or too many look on.
        if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
    });
    setInterval(() => showLink(events.readyState === EventSource.OPEN), 1000);
}

start();
