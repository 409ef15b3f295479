// What two texts share and where they differ, by words: the shortest edit script after Myers (1986), "An O(ND) difference
// algorithm and its variations". Texts that are too unlike for it to pay are told to differ between their ends.

const MOST_EDITS = 800;

/** Words with the white space before them, so that joined they give the text again. */
function wordsOf(text) {
    return text.match(/\s*[\p{L}\p{N}_]+|\s*[^\s\p{L}\p{N}_]|\s+$/gu) || [];
}

/** Parts in order: {kind: "same" | "left" | "right", text}. */
function diffTexts(left, right) {
    const a = wordsOf(left);
    const b = wordsOf(right);
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    let end = 0;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    const parts = [];
    const add = (kind, words) => {
        if (!words.length) return;
        const last = parts[parts.length - 1];
        if (last && last.kind === kind) last.text += words.join("");
        else parts.push({ kind, text: words.join("") });
    };
    add("same", a.slice(0, start));
    for (const [kind, words] of edits(a.slice(start, a.length - end), b.slice(start, b.length - end))) add(kind, words);
    add("same", a.slice(a.length - end));
    return parts;
}

function edits(a, b) {
    const most = Math.min(a.length + b.length, MOST_EDITS);
    const furthest = new Map([[1, 0]]);
    const trace = [];
    for (let d = 0; d <= most; d++) {
        trace.push(new Map(furthest));
        for (let k = -d; k <= d; k += 2) {
            const down = k === -d || (k !== d && furthest.get(k - 1) < furthest.get(k + 1));
            let x = down ? furthest.get(k + 1) : furthest.get(k - 1) + 1;
            while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
            furthest.set(k, x);
            if (x >= a.length && x - k >= b.length) return backtrack(trace, a, b);
        }
    }
    return [
        ["left", a],
        ["right", b],
    ];
}

function backtrack(trace, a, b) {
    const parts = [];
    let x = a.length;
    let y = b.length;
    for (let d = trace.length - 1; d >= 0; d--) {
        const furthest = trace[d];
        const k = x - y;
        const down = k === -d || (k !== d && furthest.get(k - 1) < furthest.get(k + 1));
        const fromK = down ? k + 1 : k - 1;
        const fromX = d === 0 ? 0 : furthest.get(fromK);
        const fromY = d === 0 ? 0 : fromX - fromK;
        while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
            parts.push(["same", [a[x - 1]]]);
            x--;
            y--;
        }
        if (d > 0) parts.push(down ? ["right", [b[y - 1]]] : ["left", [a[x - 1]]]);
        x = fromX;
        y = fromY;
    }
    return parts.reverse();
}
