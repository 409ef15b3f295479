// One task: its chat, its other fields, the outputs of the chosen points side by side, and the difference of two of them.

const SAMPLES_AT_ONCE = 8;

function taskDetail(task, points, scorer, state) {
    const words = searchWords(state.q);
    const fields = Object.entries(task.fields);
    return [
        h("h2", { class: "task-id" }, task.id),
        ...task.chat.map(([role, text]) =>
            h(
                "div",
                { class: "turn" },
                h("span", { class: "role" }, role),
                h("div", { class: "text" }, marked(text, words)),
            ),
        ),
        fields.length
            ? h(
                  "dl",
                  { class: "fields" },
                  fields.map(([name, value]) =>
                      h(
                          "div",
                          {},
                          h("dt", {}, name),
                          h("dd", {}, marked(typeof value === "string" ? value : JSON.stringify(value), words)),
                      ),
                  ),
              )
            : "",
        diffPanel(task, points, state),
        h(
            "div",
            { class: "side-by-side" },
            points.map(point => pointColumn(task, point, scorer, words)),
        ),
    ];
}

function pointColumn(task, point, scorer, words) {
    const answer = task.answers[point];
    const column = h("section", { class: "point", "data-point": point }, h("h3", {}, swatch(point), pointNames[point]));
    if (!answer) column.append(h("p", { class: "quiet" }, "This source has no such task."));
    else if (answer.failed)
        column.append(h("p", { class: "failure" }, h("strong", {}, answer.failed.kind), " ", answer.failed.message));
    else {
        if (answer.asked)
            column.append(
                h(
                    "details",
                    {},
                    h("summary", {}, "asked as"),
                    answer.asked.map(([role, text]) =>
                        h(
                            "div",
                            { class: "turn" },
                            h("span", { class: "role" }, role),
                            h("div", { class: "text" }, text),
                        ),
                    ),
                ),
            );
        const cards = answer.samples.map((sample, i) => () => sampleCard(sample, i, scorer, words));
        column.append(...cards.slice(0, SAMPLES_AT_ONCE).map(card => card()));
        if (cards.length > SAMPLES_AT_ONCE) {
            const more = h(
                "button",
                {
                    type: "button",
                    onclick: () => more.replaceWith(...cards.slice(SAMPLES_AT_ONCE).map(card => card())),
                },
                `${cards.length - SAMPLES_AT_ONCE} more samples`,
            );
            column.append(more);
        }
    }
    return column;
}

function sampleCard(sample, index, scorer, words) {
    const score = sample.scores[scorer];
    const scored = score !== null && score !== undefined;
    const badges = [
        h("span", { class: "badge" }, "#" + index),
        scored
            ? h(
                  "span",
                  { class: "badge " + (score >= 1 ? "good" : "bad"), title: sample.details[scorer] || "" },
                  score === 1 ? "\u2713 right" : score === 0 ? "\u2717 wrong" : decimal(score, 2),
              )
            : null,
        sample.reason === "stop"
            ? null
            : h(
                  "span",
                  { class: "badge " + (sample.reason === "length" ? "warn" : "") },
                  sample.reason === "length" ? "truncated" : sample.reason,
              ),
        h(
            "span",
            { class: "quiet" },
            sample.tokens === null ? `${sample.text.length} characters` : `${sample.tokens} tokens`,
        ),
    ];
    const detail = scored && sample.details[scorer] ? h("p", { class: "why" }, sample.details[scorer]) : null;
    return h(
        "article",
        { class: "sample" },
        h("header", {}, badges),
        h(
            "div",
            { class: "text" },
            sample.text ? marked(sample.text, words) : h("span", { class: "quiet" }, "(empty)"),
        ),
        detail,
    );
}

/** Two outputs of the task, what differs between them marked. */
function diffPanel(task, points, state) {
    const choices = points.flatMap(point =>
        ((task.answers[point] && task.answers[point].samples) || []).map((sample, i) => [
            `${point}.${i}`,
            `${pointNames[point]} #${i}`,
            sample.text,
        ]),
    );
    if (choices.length < 2) return "";
    const [left, right] = state.diff.split("-").map(key => choices.find(choice => choice[0] === key));
    const first = left || choices[0];
    const other =
        right ||
        choices.find(choice => choice[0].split(".")[0] !== first[0].split(".")[0]) ||
        choices.find(choice => choice !== first);
    const options = choices.map(([key, label]) => [key, label]);
    const change = (a, b) => go({ diff: a + "-" + b }, true);
    const open = state.diff !== "";
    const panel = h(
        "details",
        {
            class: "diff",
            id: "diff",
            open,
            ontoggle: event => {
                if (event.target.open !== (state.diff !== "") && panel.isConnected)
                    go({ diff: event.target.open ? first[0] + "-" + other[0] : "" }, true);
            },
        },
        h("summary", {}, "Difference of two outputs"),
    );
    if (!open) return panel;
    const parts = diffTexts(first[2], other[2]);
    const side = kind =>
        h(
            "div",
            { class: "text" },
            parts
                .filter(part => part.kind === "same" || part.kind === kind)
                .map(part => (part.kind === "same" ? part.text : h(kind === "left" ? "del" : "ins", {}, part.text))),
        );
    panel.append(
        h(
            "div",
            { class: "two" },
            h(
                "div",
                { id: "diff-first" },
                select("diff-left", options, first[0], key => change(key, other[0])),
                side("left"),
            ),
            h(
                "div",
                { id: "diff-second" },
                select("diff-right", options, other[0], key => change(first[0], key)),
                side("right"),
            ),
        ),
        parts.every(part => part.kind === "same") ? h("p", { class: "quiet" }, "They are the same.") : "",
    );
    return panel;
}
