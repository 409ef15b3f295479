// Tokens a second over the last ten minutes.

let tokensPlot = null;
let tokensLook = "";

const LEAST_POINTS = 60;

/** Seconds since 1970 of the points, and a row of values for each line; from where there is something on. */
function tokenLines(tokens) {
    const { last_second: last, step_seconds: step, generated, committed } = tokens;
    const seconds = committed.map((_, i) => last - step * (committed.length - 1 - i));
    const rows = generated.length ? [seconds, generated, committed] : [seconds, committed];
    const begin = seconds.findIndex((_, i) => rows.slice(1).some(row => row[i] > 0));
    const from = Math.max(0, Math.min(begin < 0 ? seconds.length : begin - 1, seconds.length - LEAST_POINTS));
    return rows.map(row => row.slice(from));
}

function tokenSeries(withGenerated) {
    const line = (label, name, filled) => ({
        label,
        stroke: colour(name),
        fill: filled ? colour(name) + "22" : undefined,
        width: 2,
        points: { show: false },
        value: (_, tokens) => (tokens === null || tokens === undefined ? "" : count(tokens)),
    });
    const committed = line("in results", "--good", !withGenerated);
    return [{}, ...(withGenerated ? [line("sampled by workers", "--accent", true)] : []), committed];
}

/** Draws the chart anew where its lines or colours are others, else moves its lines on. */
function showTokens(tokens) {
    const data = tokenLines(tokens);
    const look = data.length + (document.documentElement.dataset.theme || "");
    if (tokensPlot && look === tokensLook) {
        tokensPlot.setData(data);
        return;
    }
    tokensLook = look;
    const box = byId("tokens");
    box.replaceChildren();
    tokensPlot = chart(
        box,
        {
            height: 200,
            padding: [10, 8, 0, 0],
            scales: { y: { range: (_, low, high) => [0, Math.max(10, high * 1.1)] } },
            axes: axes({ space: 70 }, { size: 52, values: (_, at) => at.map(shortCount) }),
            cursor: { y: false, drag: { setScale: false } },
            series: tokenSeries(data.length === 3),
        },
        data,
    );
}

/** 12300 becomes "12.3k". */
function shortCount(number) {
    return number >= 1000 ? String(Math.round(number / 100) / 10) + "k" : String(number);
}
