// The first view: charts, the table of points, differences between points, and where it all comes from.

const REASONS = [["stop", "--good"], ["length", "--warn"], ["content_filter", "--accent"], ["unknown", "--quiet"]];

const COSTS = {
  speed: ["Tokens a second in a slot", cost => cost.tokens_per_second, 1],
  seconds: ["Median seconds of generation a job", cost => cost.median_seconds, 3],
  completion: ["Generated tokens a job", (cost, point) => cost.completion_tokens / (point.jobs - point.failed), 1],
  prompt: ["Prompt tokens a job", (cost, point) => cost.prompt_tokens / (point.jobs - point.failed), 1],
  cached: ["Part of the prompt tokens from the cache", cost => (cost.prompt_tokens ? cost.cached_tokens / cost.prompt_tokens : 0), 3],
};

class Overview {
  show(view, state) {
    const scorer = report.scorers[scorerOf(state)];
    const short = shortNames(pointNames);
    const cards = h("div", { class: "cards" });
    view.replaceChildren(h("div", { class: "page" }, cards, this.points(scorer), this.differences(scorer), this.origin()));
    if (scorer) {
      this.card(cards, `Score by point: ${scorer}`, [], box => scoreByPoint(box, short.names, short.under, this.marks(scorer)));
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
      .map(parameter => ({ ...parameter, lines: parameter.lines.map(line => ({ ...line, points: line.points.filter(point => marks[point]) })).filter(line => line.points.length) }))
      .filter(parameter => parameter.lines.some(line => line.points.length > 1));
    if (!swept.length) return;
    const chosen = swept.find(parameter => parameter.name === state.x) || swept[0];
    const choices = swept.length === 1 ? [] : [select("x", swept.map(parameter => [parameter.name, parameter.name]), chosen.name, x => go({ x }))];
    const apart = ["--accent", "--warn", "--good", "--bad", "--quiet"];
    this.card(cards, `Score against ${chosen.name}`, choices, box => {
      const lines = chosen.lines.map((line, i) => ({
        label: line.label,
        colour: chosen.lines.length === 1 ? colour("--accent") : i < apart.length ? colour(apart[i]) : pointColours[line.points[0]],
        marks: line.points.map(point => ({ ...marks[point], x: sweptValue(report.points[point], chosen.name) })),
      }));
      scoreByNumber(box, chosen.name, lines);
    });
  }

  reasons(cards, short) {
    const total = report.points.map(point => point.samples + point.failed || 1);
    const known = REASONS.filter(([reason]) => report.points.some(point => point.finish_reasons[reason]));
    if (!known.length && !report.points.some(point => point.failed)) return;
    this.card(cards, "Finish reasons", [], box => {
      const kinds = known.map(([reason, name]) => ({ label: reason, colour: colour(name), shares: report.points.map((point, i) => (point.finish_reasons[reason] || 0) / total[i]) }));
      if (report.points.some(point => point.failed)) {
        kinds.push({ label: "failed", colour: colour("--bad"), shares: report.points.map((point, i) => point.failed / total[i]) });
      }
      stackedShares(box, short.names, short.under, kinds);
    });
  }

  lengths(cards) {
    const unit = report.points.every(point => point.tokens || !point.samples) && report.points.some(point => point.tokens) ? "tokens" : "characters";
    const there = report.points.map((point, i) => [point[unit], i]).filter(([lengths]) => lengths);
    if (!there.length) return;
    this.card(cards, "Lengths of the samples", [], box => distribution(box, unit, report.bins[unit].width, there.map(([lengths, i], place) => {
      const samples = report.points[i].samples;
      return { label: pointNames[i], colour: pointColours[i], show: place < 8, shares: lengths.counts.map(n => n / samples) };
    })));
  }

  costs(cards, state, short, scorer) {
    if (!report.points.some(point => point.cost)) return;
    const chosen = state.cost in COSTS ? state.cost : "speed";
    const [label, of, digits] = COSTS[chosen];
    const choice = select("cost", Object.entries(COSTS).map(([key, [name]]) => [key, name]), chosen, cost => go({ cost }));
    this.card(cards, "Cost and speed", [choice], box => bars(box, short.names, short.under, label, report.points.map(point => (point.cost ? of(point.cost, point) : null)), digits));
    const marks = (scorer ? this.marks(scorer) : []).filter(mark => mark && report.points[mark.x].cost);
    if (marks.length < 2) return;
    const [against, tokens] = COSTS.completion;
    this.card(cards, "Score against cost", [], box => scoreAgainst(box, against, marks.map(mark => ({ ...mark, name: short.names[mark.x], x: tokens(report.points[mark.x].cost, report.points[mark.x]) }))));
  }

  points(scorer) {
    const passes = scorer ? [...new Set(report.points.flatMap(point => Object.keys((point.scores[scorer] || { pass_at_k: {} }).pass_at_k)))].map(Number).filter(k => k > 1).sort((a, b) => a - b) : [];
    const heads = ["Point", ...(scorer ? [scorer] : []), ...passes.map(k => "pass@" + k), "Jobs", "Failed", "Samples", "Cut", "All alike", "Median", "95th", "Longest", ...(report.points.some(point => point.cost) ? ["Tokens in", "Tokens out", "Tokens/s"] : [])];
    const rows = report.points.map((point, i) => {
      const score = point.scores[scorer];
      const lengths = point.tokens || point.characters;
      const unit = point.tokens ? " t" : " c";
      return h("tr", {}, h("th", { scope: "row" }, swatch(i), pointNames[i]),
        ...(scorer ? [h("td", {}, score ? interval(score.mean) : "")] : []),
        ...passes.map(k => h("td", {}, score && score.pass_at_k[k] ? decimal(score.pass_at_k[k].mean) : "")),
        ...[count(point.jobs), count(point.failed), count(point.samples), point.samples ? percent((point.finish_reasons.length || 0) / point.samples) : "", count(point.identical),
          ...(lengths ? [lengths.median + unit, lengths.p95 + unit, lengths.max + unit] : ["", "", ""]),
          ...(point.cost ? [count(point.cost.prompt_tokens), count(point.cost.completion_tokens), decimal(point.cost.tokens_per_second, 1)] : ["", "", ""])].map(text => h("td", {}, text)));
    });
    return h("section", { class: "card wide" }, h("h2", {}, "Points"),
      h("div", { class: "scroll" }, h("table", { id: "points-table" }, h("thead", {}, h("tr", {}, heads.map(head => h("th", { scope: "col" }, head)))), h("tbody", {}, rows))),
      h("p", { class: "quiet" }, scorer ? "Scores are means over tasks, with 95 % intervals by bootstrap over tasks; failed jobs have none. " : "",
        "Cut: samples that ended at their length. All alike: jobs whose samples all have the same text. Lengths are in tokens (t) or characters (c)."));
  }

  differences(scorer) {
    const those = report.comparisons.filter(comparison => comparison.scorer === scorer);
    if (!those.length) return null;
    const row = comparison => h("tr", { class: comparison.bootstrap_p < 0.05 ? "" : "quiet" },
      h("th", { scope: "row" }, swatch(comparison.first), pointNames[comparison.first]), h("td", {}, swatch(comparison.second), pointNames[comparison.second]),
      h("td", {}, count(comparison.tasks)), h("td", {}, interval(comparison.difference)), h("td", {}, pValue(comparison.bootstrap_p)),
      h("td", {}, comparison.mcnemar ? `${comparison.mcnemar.only_first} : ${comparison.mcnemar.only_second}` : ""), h("td", {}, comparison.mcnemar ? pValue(comparison.mcnemar.p) : ""));
    return h("section", { class: "card wide" }, h("h2", {}, `Differences: ${scorer}`),
      h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, ["First", "Second", "Tasks", "First minus second", "p, bootstrap", "Only first : only second right", "p, McNemar"].map(head => h("th", { scope: "col" }, head)))), h("tbody", {}, those.map(row)))),
      h("p", { class: "quiet" }, "Paired, on the tasks that are scored at both points. Grey: p of 0.05 or more. The more pairs one looks at, the more small p-values come by chance."));
  }

  origin() {
    return h("section", { class: "card wide" }, h("h2", {}, "Where it comes from"),
      report.notes.map(note => h("p", { class: "note" }, note)),
      report.sources.map(source => h("div", {}, h("h3", {}, `${source.short_name === source.name ? "" : source.short_name + ": "}${source.name} (${source.kind.replace("_", " ")})`),
        h("dl", {}, [["model", source.model], ...Object.entries(source.facts)].map(([name, value]) => h("div", {}, h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, value)))))));
  }
}

/** A parameter's value; greedy decoding counts as temperature 0. */
function sweptValue(point, name) {
  return name === "temperature" && point.params.do_sample === false ? 0 : Number(point.params[name]);
}

function swatch(point) {
  return h("span", { class: "swatch", style: { background: pointColours[point] } });
}

function select(id, options, chosen, onchange) {
  return h("select", { id, onchange: event => onchange(event.target.value) }, options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
}
