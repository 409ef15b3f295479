// The browser: the tasks that search and filters keep on the left, one of them with all outputs side by side on the right.

class PromptsView {
    constructor() {
        this.bar = new FilterBar();
        this.list = new VirtualList(52, task => this.row(task));
        this.detail = h("div", { class: "detail", id: "detail" });
        this.element = h(
            "div",
            { class: "prompts" },
            this.bar.element,
            h("div", { class: "columns" }, this.list.element, this.detail),
        );
    }

    show(view, state, found) {
        const fresh = view.firstChild !== this.element;
        if (fresh) view.replaceChildren(this.element);
        this.found = found;
        this.points = pointsOf(state);
        this.scorer = scorerOf(state);
        this.bar.show(state, found.length);
        this.chosen = found.find(task => task.id === state.task) || found[0];
        this.list.show(found);
        if (this.chosen) this.list.reveal(found.indexOf(this.chosen));
        const key = JSON.stringify([this.chosen && this.chosen.place, this.points, this.scorer, state.diff, state.q]);
        if (fresh || key !== this.key) {
            this.key = key;
            this.detail.scrollTop = 0;
            this.detail.replaceChildren(
                ...(this.chosen
                    ? taskDetail(this.chosen, this.points, this.scorer, state)
                    : [h("p", { class: "quiet" }, "No task is left: search for less or take a filter away.")]),
            );
        }
    }

    /** To the task before or after the chosen one. */
    step(by) {
        const next = this.found[this.found.indexOf(this.chosen) + by];
        if (next) go({ task: next.id }, true);
    }

    row(task) {
        const current = task === this.chosen;
        return h(
            "a",
            {
                class: "prompt-row",
                "data-task": task.id,
                "aria-current": current && "true",
                href: writeLink({ ...state, task: task.id }),
            },
            h(
                "span",
                { class: "line" },
                h("span", { class: "id" }, task.id),
                h(
                    "span",
                    { class: "strip" },
                    this.points.slice(0, 24).map(point => this.mark(task.answers[point])),
                ),
            ),
            h("span", { class: "prompt" }, asked(task)),
        );
    }

    mark(answer) {
        const score = answer ? meanScore(answer, this.scorer) : null;
        const kind = !answer
            ? "none"
            : answer.failed
              ? "failed"
              : score !== null
                ? "scored"
                : answer.samples.some(sample => sample.reason === "length")
                  ? "cut"
                  : "none";
        return h("span", {
            class: "mark " + kind,
            style: score === null ? {} : { "--score": Math.round(100 * Math.max(0, Math.min(1, score))) + "%" },
        });
    }
}
