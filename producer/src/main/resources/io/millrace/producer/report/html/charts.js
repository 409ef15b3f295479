// The charts of the report.

/** Names under the axis, one a place; long ones slanted. */
function nameAxis(names, under) {
    const longest = Math.max(...names.map(name => name.length));
    const slanted = longest > 8 && names.length > 3;
    return {
        label: under || undefined,
        splits: () => names.map((_, i) => i),
        values: (_, places) => places.map(place => shortened(names[place], 26)),
        rotate: slanted ? 35 : 0,
        size: slanted ? Math.min(120, 24 + longest * 4) : 34,
        grid: { show: false },
    };
}

function shortened(text, most) {
    return text !== undefined && text.length > most ? text.slice(0, most - 1) + "\u2026" : text;
}

const placeRange = names => ({ x: { time: false, range: () => [-0.6, names.length - 0.4] } });

/** Means with their intervals; `marks` are {x, mean, low, high, colour}. */
function drawWhiskers(plot, marks) {
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    for (const mark of marks) {
        const x = plot.valToPos(mark.x, "x", true);
        const [mean, low, high] = [mark.mean, mark.low, mark.high].map(value => plot.valToPos(value, "y", true));
        ctx.strokeStyle = ctx.fillStyle = mark.colour;
        ctx.lineWidth = 2 * ratio;
        ctx.beginPath();
        ctx.moveTo(x, low);
        ctx.lineTo(x, high);
        for (const end of [low, high]) {
            ctx.moveTo(x - 5 * ratio, end);
            ctx.lineTo(x + 5 * ratio, end);
        }
        ctx.stroke();
        ctx.beginPath();
        ctx.arc(x, mean, 5 * ratio, 0, 2 * Math.PI);
        ctx.fill();
    }
    ctx.restore();
}

/** From 0 to 1 for shares, else what the values need. */
function scoreRange(marks) {
    const low = Math.min(0, ...marks.map(mark => mark.low));
    const high = Math.max(...marks.map(mark => mark.high));
    return [low, high <= 1 ? 1.02 : high * 1.05];
}

/** @param marks one a point, null where it has no score */
function scoreByPoint(box, names, under, marks) {
    const there = marks.filter(mark => mark);
    chart(
        box,
        {
            scales: { ...placeRange(names), y: { range: () => scoreRange(there) } },
            axes: axes(nameAxis(names, under), {}),
            legend: { live: true },
            cursor: { y: false },
            series: [
                { label: under || "point", value: (_, place) => names[place] || "" },
                {
                    label: "score, 95 % interval",
                    paths: () => null,
                    points: { show: false },
                    stroke: colour("--text"),
                    value: (_plot, _value, _series, place) =>
                        place !== null && marks[place] ? interval(marks[place]) : "",
                },
            ],
            hooks: { draw: [plot => drawWhiskers(plot, there)] },
        },
        [names.map((_, i) => i), marks.map(mark => (mark ? mark.mean : null))],
    );
}

/** Lines of marks in ascending order of x, with the band of their intervals. */
function scoreByNumber(box, name, lines) {
    const xs = [...new Set(lines.flatMap(line => line.marks.map(mark => mark.x)))].sort((a, b) => a - b);
    const all = lines.flatMap(line => line.marks);
    const at = (line, x) => line.marks.find(mark => mark.x === x);
    const band = (plot, line) => {
        const { ctx } = plot;
        ctx.save();
        ctx.globalAlpha = 0.16;
        ctx.fillStyle = line.colour;
        ctx.beginPath();
        for (const mark of line.marks)
            ctx.lineTo(plot.valToPos(mark.x, "x", true), plot.valToPos(mark.high, "y", true));
        for (const mark of [...line.marks].reverse())
            ctx.lineTo(plot.valToPos(mark.x, "x", true), plot.valToPos(mark.low, "y", true));
        ctx.fill();
        ctx.restore();
    };
    const room = (xs[xs.length - 1] - xs[0]) * 0.05;
    chart(
        box,
        {
            scales: {
                x: { time: false, range: () => [xs[0] - room, xs[xs.length - 1] + room] },
                y: { range: () => scoreRange(all) },
            },
            axes: axes({ label: name, size: 34 }, {}),
            cursor: { y: false },
            series: [
                { label: name, value: (_, x) => (x === null ? "" : String(x)) },
                ...lines.map(line => ({
                    label: line.label || "score",
                    stroke: line.colour,
                    width: 2,
                    spanGaps: true,
                    points: { show: true, size: 8, fill: line.colour },
                    value: (_plot, _value, _series, place) =>
                        place !== null && at(line, xs[place]) ? interval(at(line, xs[place])) : "",
                })),
            ],
            hooks: {
                drawSeries: [(plot, series) => series > 0 && plot.series[series].show && band(plot, lines[series - 1])],
            },
        },
        [xs, ...lines.map(line => xs.map(x => (at(line, x) ? at(line, x).mean : null)))],
    );
}

/** What a score costs: a mark a point over any number. */
function scoreAgainst(box, label, marks) {
    const sorted = [...marks].sort((a, b) => a.x - b.x);
    const high = sorted[sorted.length - 1].x || 1;
    chart(
        box,
        {
            scales: { x: { time: false, range: () => [0, high * 1.08] }, y: { range: () => scoreRange(sorted) } },
            axes: axes({ label, size: 34 }, {}),
            cursor: { y: false },
            series: [
                { label, value: (_, x) => (x === null ? "" : decimal(x, 1)) },
                {
                    label: "score",
                    paths: () => null,
                    points: { show: false },
                    stroke: colour("--text"),
                    value: (_plot, _value, _series, place) =>
                        place === null ? "" : `${sorted[place].name}: ${interval(sorted[place])}`,
                },
            ],
            hooks: { draw: [plot => drawWhiskers(plot, sorted)] },
        },
        [sorted.map(mark => mark.x), sorted.map(mark => mark.mean)],
    );
}

/** Shares that stand on each other; `kinds` are {label, colour, shares}. */
function stackedShares(box, names, under, kinds) {
    const sums = kinds.map((_, upTo) =>
        names.map((_name, i) => kinds.slice(0, upTo + 1).reduce((sum, kind) => sum + kind.shares[i], 0)),
    );
    const order = kinds.map((_, i) => i).reverse();
    chart(
        box,
        {
            scales: { ...placeRange(names), y: { range: () => [0, 1.02] } },
            axes: axes(nameAxis(names, under), {
                values: (_, marks) => marks.map(mark => Math.round(mark * 100) + " %"),
            }),
            cursor: { y: false, points: { show: false } },
            series: [
                { label: under || "point", value: (_, place) => names[place] || "" },
                ...order.map(i => ({
                    label: kinds[i].label,
                    fill: kinds[i].colour,
                    stroke: kinds[i].colour,
                    width: 0,
                    points: { show: false },
                    paths: uPlot.paths.bars({ size: [0.7, 60] }),
                    value: (_plot, _value, _series, place) => (place === null ? "" : percent(kinds[i].shares[place])),
                })),
            ],
        },
        [names.map((_, i) => i), ...order.map(i => sums[i])],
    );
}

/** One bar a point. */
function bars(box, names, under, label, values, digits) {
    chart(
        box,
        {
            scales: { ...placeRange(names), y: { range: (_, _low, high) => [0, (high || 1) * 1.08] } },
            axes: axes(nameAxis(names, under), {}),
            cursor: { y: false, points: { show: false } },
            series: [
                { label: under || "point", value: (_, place) => names[place] || "" },
                {
                    label,
                    fill: colour("--accent"),
                    stroke: colour("--accent"),
                    width: 0,
                    points: { show: false },
                    paths: uPlot.paths.bars({ size: [0.6, 60] }),
                    value: (_, value) => (value === null ? "" : decimal(value, digits)),
                },
            ],
        },
        [names.map((_, i) => i), values],
    );
}

/** How often each length comes, a stepped line a point; `lines` are {label, colour, shares, show}. */
function distribution(box, unit, width, lines) {
    const xs = lines[0].shares.map((_, i) => i * width).concat(lines[0].shares.length * width);
    chart(
        box,
        {
            scales: {
                x: { time: false, range: () => [0, xs[xs.length - 1]] },
                y: { range: (_, _low, high) => [0, (high || 1) * 1.08] },
            },
            axes: axes(
                { label: unit, size: 34 },
                { values: (_, marks) => marks.map(mark => Number((100 * mark).toPrecision(3)) + " %") },
            ),
            cursor: { y: false },
            series: [
                { label: unit, value: (_, from) => (from === null ? "" : `${from} to ${from + width - 1}`) },
                ...lines.map(line => ({
                    label: line.label,
                    stroke: line.colour,
                    width: 1.5,
                    show: line.show,
                    paths: uPlot.paths.stepped({ align: 1 }),
                    points: { show: false },
                    value: (_, share) => (share === null ? "" : percent(share)),
                })),
            ],
        },
        [xs, ...lines.map(line => [...line.shares, line.shares[line.shares.length - 1]])],
    );
}
