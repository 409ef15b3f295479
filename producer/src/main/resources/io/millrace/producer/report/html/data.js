// The report and its tasks, as the page holds them; see ReportJson and AnswersJson.

const report = JSON.parse(byId("report").textContent);
const tasks = JSON.parse(byId("answers").textContent);
byId("answers").remove();
tasks.forEach((task, i) => {
    task.place = i;
});

const pointNames = report.points.map(point => point.name);
const pointColours = colours();

/** Points along one number go from cold to hot; others get colours that are told apart. */
function colours() {
    const n = report.points.length;
    const line = report.swept.length === 1 && report.swept[0].lines.length === 1 ? report.swept[0].lines[0].points : [];
    if (n > 2 && line.length === n) {
        const byPoint = new Array(n);
        line.forEach((point, i) => {
            byPoint[point] = `oklch(0.64 0.15 ${Math.round(255 + (150 * i) / (n - 1)) % 360})`;
        });
        return byPoint;
    }
    const apart = [
        "#4477dd",
        "#e0802b",
        "#2a9d74",
        "#c9498f",
        "#8d6cd9",
        "#b59b1c",
        "#3ba7c9",
        "#d1493f",
        "#7d8a3a",
        "#8a6f5c",
    ];
    return report.points.map((_, i) => apart[i % apart.length]);
}

/** The index of the scorer that a state shows; -1 without scores. */
function scorerOf(state) {
    const chosen = report.scorers.indexOf(state.scorer);
    return chosen >= 0 ? chosen : report.scorers.length - 1 < 0 ? -1 : 0;
}

/** The points that a state shows. */
function pointsOf(state) {
    const chosen = state.points.filter(point => point < report.points.length);
    return chosen.length ? chosen : report.points.map((_, i) => i);
}

/** What a task asks, on one line. */
function asked(task) {
    const last = task.chat[task.chat.length - 1];
    return last ? last[1].slice(0, 300).replace(/\s+/g, " ") : "(the run was collected without its prompts)";
}
