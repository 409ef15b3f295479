// The first view: the charts, and below them the tables of overview-tables.js.

const REASONS = [
    ["stop", "--good"],
    ["length", "--warn"],
    ["content_filter", "--accent"],
    ["unknown", "--quiet"],
];

const COSTS = {
    speed: ["Tokens a second in a slot", cost => cost.tokens_per_second, 1],
    seconds: ["Median seconds of generation a job", cost => cost.median_seconds, 3],
    completion: ["Generated tokens a job", (cost, point) => cost.completion_tokens / (point.jobs - point.failed), 1],
    prompt: ["Prompt tokens a job", (cost, point) => cost.prompt_tokens / (point.jobs - point.failed), 1],
    cached: [
        "Part of the prompt tokens from the cache",
        cost => (cost.prompt_tokens ? cost.cached_tokens / cost.prompt_tokens : 0),
        3,
    ],
};

class Overview {
    show(view, state) {
        const scorer = report.scorers[scorerOf(state)];
        const short = shortNames(pointNames);
        const cards = h("div", { class: "cards" });
        view.replaceChildren(
            h("div", { class: "page" }, cards, pointsTable(scorer), differencesTable(scorer), origin()),
        );
        if (scorer) {
            this.card(cards, `Score by point: ${scorer}`, [], box =>
                scoreByPoint(box, short.names, short.under, this.marks(scorer)),
            );
            this.against(cards, state, scorer);
        }
        this.reasons(cards, short);
        this.lengths(cards);
        this.costs(cards, state, short, scorer);
    }

    card(cards, title, choices, draw) {
        const box = h("div", { class: "chart" });
        cards.append(h("section", { class: "card" }, h("h2", {}, title, ...choices), box));
        draw(box);
    }

    marks(scorer) {
        return report.points.map((point, i) => {
            const score = point.scores[scorer];
            return score ? { x: i, ...score.mean, colour: pointColours[i] } : null;
        });
    }

    against(cards, state, scorer) {
        const marks = this.marks(scorer);
        const swept = report.swept
            .map(parameter => ({
                ...parameter,
                lines: parameter.lines
                    .map(line => ({ ...line, points: line.points.filter(point => marks[point]) }))
                    .filter(line => line.points.length),
            }))
            .filter(parameter => parameter.lines.some(line => line.points.length > 1));
        if (!swept.length) return;
        const chosen = swept.find(parameter => parameter.name === state.x) || swept[0];
        const choices =
            swept.length === 1
                ? []
                : [
                      select(
                          "x",
                          swept.map(parameter => [parameter.name, parameter.name]),
                          chosen.name,
                          x => go({ x }),
                      ),
                  ];
        const apart = ["--accent", "--warn", "--good", "--bad", "--quiet"];
        this.card(cards, `Score against ${chosen.name}`, choices, box => {
            const lines = chosen.lines.map((line, i) => ({
                label: line.label,
                colour:
                    chosen.lines.length === 1
                        ? colour("--accent")
                        : i < apart.length
                          ? colour(apart[i])
                          : pointColours[line.points[0]],
                marks: line.points.map(point => ({
                    ...marks[point],
                    x: sweptValue(report.points[point], chosen.name),
                })),
            }));
            scoreByNumber(box, chosen.name, lines);
        });
    }

    reasons(cards, short) {
        const total = report.points.map(point => point.samples + point.failed || 1);
        const known = REASONS.filter(([reason]) => report.points.some(point => point.finish_reasons[reason]));
        if (!known.length && !report.points.some(point => point.failed)) return;
        this.card(cards, "Finish reasons", [], box => {
            const kinds = known.map(([reason, name]) => ({
                label: reason,
                colour: colour(name),
                shares: report.points.map((point, i) => (point.finish_reasons[reason] || 0) / total[i]),
            }));
            if (report.points.some(point => point.failed)) {
                kinds.push({
                    label: "failed",
                    colour: colour("--bad"),
                    shares: report.points.map((point, i) => point.failed / total[i]),
                });
            }
            stackedShares(box, short.names, short.under, kinds);
        });
    }

    lengths(cards) {
        const unit =
            report.points.every(point => point.tokens || !point.samples) && report.points.some(point => point.tokens)
                ? "tokens"
                : "characters";
        const there = report.points.map((point, i) => [point[unit], i]).filter(([lengths]) => lengths);
        if (!there.length) return;
        this.card(cards, "Lengths of the samples", [], box =>
            distribution(
                box,
                unit,
                report.bins[unit].width,
                there.map(([lengths, i], place) => {
                    const samples = report.points[i].samples;
                    return {
                        label: pointNames[i],
                        colour: pointColours[i],
                        show: place < 8,
                        shares: lengths.counts.map(n => n / samples),
                    };
                }),
            ),
        );
    }

    costs(cards, state, short, scorer) {
        if (!report.points.some(point => point.cost)) return;
        const chosen = state.cost in COSTS ? state.cost : "speed";
        const [label, of, digits] = COSTS[chosen];
        const choice = select(
            "cost",
            Object.entries(COSTS).map(([key, [name]]) => [key, name]),
            chosen,
            cost => go({ cost }),
        );
        this.card(cards, "Cost and speed", [choice], box =>
            bars(
                box,
                short.names,
                short.under,
                label,
                report.points.map(point => (point.cost ? of(point.cost, point) : null)),
                digits,
            ),
        );
        const marks = (scorer ? this.marks(scorer) : []).filter(mark => mark && report.points[mark.x].cost);
        if (marks.length < 2) return;
        const [against, tokens] = COSTS.completion;
        this.card(cards, "Score against cost", [], box =>
            scoreAgainst(
                box,
                against,
                marks.map(mark => ({
                    ...mark,
                    name: short.names[mark.x],
                    x: tokens(report.points[mark.x].cost, report.points[mark.x]),
                })),
            ),
        );
    }
}

/** A parameter's value; greedy decoding counts as temperature 0. */
function sweptValue(point, name) {
    return name === "temperature" && point.params.do_sample === false ? 0 : Number(point.params[name]);
}
