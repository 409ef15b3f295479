// The state of the page as its address, so that a link leads to what one sees: #prompts?task=t1&q=sum&filter=wrong,truncated

const START = {
    view: "overview",
    scorer: "",
    q: "",
    filter: [],
    points: [],
    task: "",
    diff: "",
    sort: "",
    x: "",
    cost: "",
};

function readLink(hash) {
    const [view, query] = hash.replace(/^#/, "").split(/\?(.*)/s);
    const state = { ...START };
    if (["overview", "tasks", "prompts"].includes(view)) state.view = view;
    for (const [key, value] of new URLSearchParams(query || "")) {
        if (key === "view" || !(key in START)) continue;
        if (key === "filter") state.filter = value.split(",").filter(name => name in FILTERS);
        else if (key === "points")
            state.points = value
                .split(",")
                .map(Number)
                .filter(point => Number.isInteger(point) && point >= 0);
        else state[key] = value;
    }
    return state;
}

function writeLink(state) {
    const query = new URLSearchParams();
    for (const key of Object.keys(START)) {
        const value = Array.isArray(state[key]) ? state[key].join(",") : state[key];
        if (key !== "view" && value !== "") query.set(key, value);
    }
    const text = query.toString();
    return "#" + state.view + (text ? "?" + text : "");
}
