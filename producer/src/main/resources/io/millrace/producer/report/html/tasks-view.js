// The table of tasks: a row a task, a cell a point, in the colour of its mean score.

class TasksView {
    constructor() {
        this.bar = new FilterBar();
        this.head = h("div", { class: "task-row head" });
        this.list = new VirtualList(32, task => this.row(task));
        this.element = h(
            "div",
            { class: "tasks" },
            this.bar.element,
            h("div", { class: "task-table" }, this.head, this.list.element),
        );
    }

    show(view, state, found) {
        this.scorer = scorerOf(state);
        this.points = pointsOf(state);
        if (view.firstChild !== this.element) view.replaceChildren(this.element);
        this.bar.show(state, found.length);
        const short = shortNames(this.points.map(point => pointNames[point]));
        this.head.replaceChildren(
            this.sorter("", "Task", state),
            this.sorter("prompt", "Prompt", state),
            ...this.points.map((point, i) => this.sorter("p" + point, short.names[i], state, pointNames[point])),
        );
        this.list.show(this.sorted(found, state.sort));
    }

    sorter(key, label, state, title) {
        const down = state.sort === "-" + key;
        const next = state.sort === key && key ? "-" + key : key;
        return h(
            "button",
            { type: "button", class: "sorter", title: title || label, onclick: () => go({ sort: next }) },
            label,
            state.sort === key && key ? " \u25b4" : down && key ? " \u25be" : "",
        );
    }

    sorted(found, sort) {
        const key = sort.replace("-", "");
        if (!key) return found;
        const sign = sort.startsWith("-") ? -1 : 1;
        const of =
            key === "prompt"
                ? task => asked(task).toLowerCase()
                : task => meanScore(task.answers[Number(key.slice(1))] || null, this.scorer) ?? -1;
        return found
            .map(task => [of(task), task])
            .sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0))
            .map(([, task]) => task);
    }

    row(task) {
        return h(
            "a",
            { class: "task-row", href: writeLink({ ...state, view: "prompts", task: task.id, sort: "" }) },
            h("span", { class: "id" }, task.id),
            h("span", { class: "prompt" }, asked(task)),
            ...this.points.map(point => scoreCell(task.answers[point], this.scorer)),
        );
    }
}

/** A task's mean score at a point, or what there is instead. */
function scoreCell(answer, scorer) {
    if (!answer) return h("span", { class: "cell none", title: "not in this source" }, "\u2013");
    if (answer.failed) return h("span", { class: "cell failed", title: answer.failed.kind }, "failed");
    const score = meanScore(answer, scorer);
    const cut = answer.samples.filter(sample => sample.reason === "length").length;
    const title = `${answer.samples.length} samples, ${cut} cut`;
    if (score === null) return h("span", { class: "cell none", title }, cut ? `${cut} cut` : "\u00b7");
    return h(
        "span",
        { class: "cell scored", title, style: { "--score": Math.round(100 * Math.max(0, Math.min(1, score))) + "%" } },
        decimal(score, 2),
    );
}
