// Start: reads the address, shows the view it names, and keeps both in step.

const VIEWS = { overview: "Overview", tasks: "Tasks", prompts: "Prompts" };
let state = readLink(location.hash);
const overview = new Overview();
const tasksView = new TasksView();
const promptsView = new PromptsView();
const found = { key: "", tasks: [] };

/** Changes the state; a small step takes the place of the last one in the browser's history. */
function go(changes, small) {
    state = { ...state, ...changes };
    if (small) history.replaceState(null, "", writeLink(state));
    else history.pushState(null, "", writeLink(state));
    show();
}

function foundTasks() {
    const key = JSON.stringify([state.q, state.filter, state.points, state.scorer]);
    if (found.key !== key) {
        found.key = key;
        found.tasks = filterTasks(tasks, { ...state, points: pointsOf(state) }, scorerOf(state));
    }
    return found.tasks;
}

function show() {
    const view = byId("view");
    for (const link of byId("views").children) {
        const name = link.dataset.view;
        link.setAttribute("href", writeLink({ ...state, view: name }));
        if (name === state.view) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    byId("scorer").value = report.scorers[scorerOf(state)] || "";
    document.body.dataset.view = state.view;
    if (state.view === "tasks") tasksView.show(view, state, foundTasks());
    else if (state.view === "prompts") promptsView.show(view, state, foundTasks());
    else overview.show(view, state);
}

function start() {
    theme(false);
    const left = report.tasks_left_out ? `, ${count(report.tasks_left_out)} more in the figures` : "";
    const samples = report.points.reduce((sum, point) => sum + point.samples, 0);
    byId("counts").textContent =
        `${count(tasks.length)} tasks${left}, ${count(report.points.length)} points, ${count(samples)} samples`;
    byId("views").append(
        ...Object.entries(VIEWS).map(([name, label]) => h("a", { "data-view": name, href: "#" + name }, label)),
    );
    byId("scorer").append(...report.scorers.map(name => h("option", { value: name }, name)));
    byId("scorer").addEventListener("change", event => go({ scorer: event.target.value }));
    byId("scorer-choice").hidden = report.scorers.length < 2;
    byId("theme").addEventListener("click", () => {
        theme(true);
        show();
    });
    addEventListener("popstate", () => {
        state = readLink(location.hash);
        show();
    });
    addEventListener("keydown", event => {
        if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey)
            return;
        if (event.key === "/") {
            event.preventDefault();
            const box = byId("search");
            if (box) box.focus();
        }
        if (state.view === "prompts" && event.key === "j") promptsView.step(1);
        if (state.view === "prompts" && event.key === "k") promptsView.step(-1);
    });
    show();
    document.documentElement.dataset.ready = "true";
}

start();
