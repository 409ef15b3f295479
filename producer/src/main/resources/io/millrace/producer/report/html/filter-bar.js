// Search, filters and the choice of points, over the list of tasks and over the browser of prompts.

class FilterBar {
    constructor() {
        this.search = h("input", {
            id: "search",
            type: "search",
            placeholder: "Search prompts and outputs",
            "aria-label": "Search prompts and outputs",
            oninput: afterPause(150, () => go({ q: this.search.value }, true)),
        });
        this.filters = Object.entries(FILTERS).map(([name, filter]) =>
            h(
                "button",
                {
                    type: "button",
                    class: "toggle",
                    "data-filter": name,
                    title: filter.title,
                    onclick: () => this.toggle(name),
                },
                filter.label,
            ),
        );
        this.points = report.points.map((_, i) =>
            h(
                "button",
                {
                    type: "button",
                    class: "toggle",
                    "data-point": i,
                    title: pointNames[i],
                    onclick: () => this.choose(i),
                },
                swatch(i),
                shortened(pointNames[i], 30),
            ),
        );
        this.found = h("span", { id: "found", class: "quiet", role: "status" });
        this.element = h(
            "div",
            { class: "filter-bar" },
            this.search,
            h("span", { class: "group" }, this.filters),
            this.found,
            this.points.length > 1 ? h("span", { class: "group points", "aria-label": "Points" }, this.points) : null,
        );
    }

    toggle(name) {
        const filter = state.filter.includes(name)
            ? state.filter.filter(other => other !== name)
            : [...state.filter, name];
        go({ filter });
    }

    choose(point) {
        const shown = pointsOf(state);
        const points = shown.includes(point)
            ? shown.filter(other => other !== point)
            : [...shown, point].sort((a, b) => a - b);
        go({ points: points.length === report.points.length ? [] : points });
    }

    show(state, found) {
        if (this.search.value.trim() !== state.q.trim()) this.search.value = state.q;
        const shown = pointsOf(state);
        this.filters.forEach(button =>
            button.setAttribute("aria-pressed", state.filter.includes(button.dataset.filter)),
        );
        this.points.forEach((button, i) => button.setAttribute("aria-pressed", shown.includes(i)));
        this.found.textContent = `${count(found)} of ${count(tasks.length)} tasks`;
    }
}
