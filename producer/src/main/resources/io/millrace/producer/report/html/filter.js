// Which tasks a search and the filters keep. A filter looks at the chosen points and at the chosen scorer only.

/** @param answers those of the chosen points; @param scorer its index, -1 without scores */
const FILTERS = {
    wrong: {
        label: "Wrong",
        title: "some sample scores below 1",
        keeps: (answers, scorer) => scoresOf(answers, scorer).some(score => score < 1),
    },
    disagreeing: {
        label: "Disagreeing",
        title: "samples differ in score; without scores, in text",
        keeps: (answers, scorer) => {
            const values =
                scorer < 0 ? samplesOf(answers).map(sample => sample.text.trim()) : scoresOf(answers, scorer);
            return new Set(values).size > 1;
        },
    },
    truncated: {
        label: "Truncated",
        title: "some sample was cut by its length",
        keeps: answers => samplesOf(answers).some(sample => sample.reason === "length"),
    },
    failed: {
        label: "Failed",
        title: "some job failed",
        keeps: answers => answers.some(answer => answer && answer.failed),
    },
};

function samplesOf(answers) {
    return answers.flatMap(answer => (answer && answer.samples) || []);
}

function scoresOf(answers, scorer) {
    return samplesOf(answers)
        .map(sample => sample.scores[scorer])
        .filter(score => score !== null && score !== undefined);
}

/** The mean score of a task at a point; null where nothing was scored. */
function meanScore(answer, scorer) {
    const scores = scoresOf([answer], scorer);
    return scores.length ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null;
}

/** Words and "phrases in quotes", all of which must be there. */
function searchWords(query) {
    return [...query.toLowerCase().matchAll(/"([^"]+)"?|[^\s"]+/g)].map(match => match[1] || match[0]);
}

/** Everything of a task that a search looks through, in lower case. */
function haystack(task) {
    const texts = [
        task.id,
        ...task.chat.map(turn => turn[1]),
        ...Object.values(task.fields).map(value => (typeof value === "string" ? value : JSON.stringify(value))),
    ];
    for (const answer of task.answers) {
        if (answer && answer.failed) texts.push(answer.failed.kind, answer.failed.message);
    }
    for (const sample of samplesOf(task.answers)) texts.push(sample.text);
    return texts.join("\n").toLowerCase();
}

/** @param points indices; none means all */
function filterTasks(tasks, { q, filter, points }, scorer) {
    const words = searchWords(q);
    const filters = filter.map(name => FILTERS[name]);
    return tasks.filter(task => {
        if (filters.length) {
            const answers = points.length ? points.map(point => task.answers[point]) : task.answers;
            if (!filters.every(one => one.keeps(answers, scorer))) return false;
        }
        if (!words.length) return true;
        if (task.haystack === undefined) task.haystack = haystack(task);
        return words.every(word => task.haystack.includes(word));
    });
}
