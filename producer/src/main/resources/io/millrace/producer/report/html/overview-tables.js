// Below the charts: the points in numbers, their differences, and where it all comes from.

const ABOUT_SCORES =
    "Scores are means over tasks, with 95 % intervals by bootstrap over tasks; failed jobs have none. ";
const ABOUT_POINTS =
    "Cut: samples that ended at their length. All alike: jobs whose samples all have the same text. " +
    "Lengths are in tokens (t) or characters (c).";
const ABOUT_DIFFERENCES =
    "Paired, on the tasks that are scored at both points. Grey: p of 0.05 or more. " +
    "The more pairs one looks at, the more small p-values come by chance.";

function section(title, ...children) {
    return h("section", { class: "card wide" }, h("h2", {}, title), ...children);
}

function swatch(point) {
    return h("span", { class: "swatch", style: { background: pointColours[point] } });
}

function pointName(point) {
    return [swatch(point), pointNames[point]];
}

function pointsTable(scorer) {
    const length = name => point => {
        const lengths = point.tokens || point.characters;
        return lengths ? lengths[name] + (point.tokens ? " t" : " c") : "";
    };
    const cost = of => point => (point.cost ? of(point.cost) : "");
    const score = of => point => (point.scores[scorer] ? of(point.scores[scorer]) : "");
    const cut = point => (point.samples ? percent((point.finish_reasons.length || 0) / point.samples) : "");
    const columns = [{ head: "Point", of: (_, place) => pointName(place) }];
    if (scorer) columns.push({ head: scorer, of: score(of => interval(of.mean)) });
    for (const k of passes(scorer)) {
        columns.push({ head: `pass@${k}`, of: score(of => (of.pass_at_k[k] ? decimal(of.pass_at_k[k].mean) : "")) });
    }
    columns.push(
        { head: "Jobs", of: point => count(point.jobs) },
        { head: "Failed", of: point => count(point.failed) },
        { head: "Samples", of: point => count(point.samples) },
        { head: "Cut", of: cut },
        { head: "All alike", of: point => count(point.identical) },
        { head: "Median", of: length("median") },
        { head: "95th", of: length("p95") },
        { head: "Longest", of: length("max") },
    );
    if (report.points.some(point => point.cost)) {
        columns.push(
            { head: "Tokens in", of: cost(of => count(of.prompt_tokens)) },
            { head: "Tokens out", of: cost(of => count(of.completion_tokens)) },
            { head: "Tokens/s", of: cost(of => decimal(of.tokens_per_second, 1)) },
        );
    }
    const about = h("p", { class: "quiet" }, (scorer ? ABOUT_SCORES : "") + ABOUT_POINTS);
    return section("Points", table("points-table", columns, report.points), about);
}

/** The k of pass@k that some point has, but for 1, which is the score. */
function passes(scorer) {
    const scores = report.points.map(point => point.scores[scorer]).filter(score => score);
    const ks = new Set(scores.flatMap(score => Object.keys(score.pass_at_k)).map(Number));
    return [...ks].filter(k => k > 1).sort((a, b) => a - b);
}

function differencesTable(scorer) {
    const those = report.comparisons.filter(comparison => comparison.scorer === scorer);
    if (!those.length) return null;
    const mcnemar = of => comparison => (comparison.mcnemar ? of(comparison.mcnemar) : "");
    const columns = [
        { head: "First", of: comparison => pointName(comparison.first) },
        { head: "Second", of: comparison => pointName(comparison.second) },
        { head: "Tasks", of: comparison => count(comparison.tasks) },
        { head: "First minus second", of: comparison => interval(comparison.difference) },
        { head: "p, bootstrap", of: comparison => pValue(comparison.bootstrap_p) },
        { head: "Only first : only second right", of: mcnemar(of => `${of.only_first} : ${of.only_second}`) },
        { head: "p, McNemar", of: mcnemar(of => pValue(of.p)) },
    ];
    const shade = comparison => (comparison.bootstrap_p < 0.05 ? null : "quiet");
    const about = h("p", { class: "quiet" }, ABOUT_DIFFERENCES);
    return section(`Differences: ${scorer}`, table("differences-table", columns, those, shade), about);
}

function origin() {
    const notes = report.notes.map(note => h("p", { class: "note" }, note));
    const sources = report.sources.map(source => {
        const letter = source.short_name === source.name ? "" : source.short_name + ": ";
        const facts = [["model", source.model], ...Object.entries(source.facts)];
        return [
            h("h3", {}, `${letter}${source.name} (${source.kind.replace("_", " ")})`),
            h(
                "dl",
                {},
                ...facts.map(([name, value]) =>
                    h("div", {}, h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, value)),
                ),
            ),
        ];
    });
    return section("Where it comes from", ...notes, ...sources.flat());
}
