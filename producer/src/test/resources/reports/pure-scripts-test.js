// Tests the page's scripts that need no page: run as `node pure-scripts-test.js FOLDER_OF_THE_SCRIPTS`.
"use strict";
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const names = ["format.js", "filter.js", "diff.js", "link.js"];
const source = names.map(name => fs.readFileSync(path.join(process.argv[2], name), "utf8")).join("\n");
const page = vm.runInNewContext(
    source + "\n({ percent, count, shortNames, filterTasks, meanScore, diffTexts, readLink, writeLink, START })",
    { URLSearchParams },
);
const plain = value => JSON.parse(JSON.stringify(value));

// Numbers and names.
assert.strictEqual(page.percent(0.125), "12.5 %");
assert.strictEqual(page.count(1234567), "1\u202f234\u202f567");
assert.deepStrictEqual(plain(page.shortNames(["temperature=0.2", "temperature=0.7"])), {
    under: "temperature",
    names: ["0.2", "0.7"],
});
assert.deepStrictEqual(plain(page.shortNames(["a=1", "b=1"])), { under: "", names: ["a=1", "b=1"] });
assert.deepStrictEqual(plain(page.shortNames(["a=1, b=2", "a=2, b=2"])), {
    under: "",
    names: ["a=1, b=2", "a=2, b=2"],
});

// Search and filters.
const sample = (text, score, reason) => ({ text, reason: reason || "stop", tokens: 3, scores: [score], details: [""] });
const task = (id, prompt, ...answers) => ({ id, chat: [["user", prompt]], fields: { reference: "7" }, answers });
const tasks = [
    task("t1", "Add 3 and 4", { samples: [sample("Seven", 1)] }, { samples: [sample("Eight", 0)] }),
    task(
        "t2",
        "Say HELLO",
        { samples: [sample("hello there", 1), sample("hello", 1)] },
        { failed: { kind: "ENGINE_DIED", message: "twice" } },
    ),
    task("t3", "Long", { samples: [sample("and so on", null, "length")] }, null),
];
const find = (q, filter, points, scorer) =>
    page
        .filterTasks(tasks, { q, filter: filter || [], points: points || [] }, scorer === undefined ? 0 : scorer)
        .map(found => found.id)
        .join();
assert.strictEqual(find(""), "t1,t2,t3");
assert.strictEqual(find("hello SAY"), "t2");
assert.strictEqual(find('"say hello" there'), "t2");
assert.strictEqual(find('"hello say"'), "");
assert.strictEqual(find('"so on'), "t3");
assert.strictEqual(find("engine_died"), "t2");
assert.strictEqual(find("", ["wrong"]), "t1");
assert.strictEqual(find("", ["wrong"], [0]), "");
assert.strictEqual(find("", ["disagreeing"]), "t1");
assert.strictEqual(find("", ["disagreeing"], [], -1), "t1,t2");
assert.strictEqual(find("", ["truncated"]), "t3");
assert.strictEqual(find("", ["failed"]), "t2");
assert.strictEqual(find("seven", ["truncated"]), "");
assert.strictEqual(page.meanScore(tasks[2].answers[0], 0), null);

// Differences: each side's parts are its text, and what is shared is found.
const sides = (left, right) => {
    const parts = plain(page.diffTexts(left, right));
    const side = kind =>
        parts
            .filter(part => part.kind === "same" || part.kind === kind)
            .map(part => part.text)
            .join("");
    assert.strictEqual(side("left"), left);
    assert.strictEqual(side("right"), right);
    return parts;
};
assert.deepStrictEqual(sides("the sum is 41, so", "the sum is 42, so"), [
    { kind: "same", text: "the sum is" },
    { kind: "left", text: " 41" },
    { kind: "right", text: " 42" },
    { kind: "same", text: ", so" },
]);
assert.deepStrictEqual(sides("", "new"), [{ kind: "right", text: "new" }]);
assert.deepStrictEqual(sides("", ""), []);
sides("a b c a b b a \n", "c b a b a c");
sides("\u65e5\u672c\u8a9e \ud83d\ude00 x", " \ud83d\ude00 y\n\n");
let random = 7;
const word = () => "abcde"[(random = (random * 1103515245 + 12345) % 2147483648) % 5];
for (let i = 0; i < 300; i++)
    sides(Array.from({ length: i % 23 }, word).join(" "), Array.from({ length: i % 17 }, word).join(" "));
const long = Array.from({ length: 3000 }, (_, i) => "w" + i).join(" ");
sides(long, long.replace(/w/g, "v"));

// Links: what is written is read again, and nonsense is left out.
const state = {
    ...page.START,
    view: "prompts",
    q: "a&b=#\u00e9 c",
    filter: ["wrong", "failed"],
    points: [0, 2],
    task: "t/1?x",
    diff: "0.0-2.1",
};
assert.deepStrictEqual(plain(page.readLink(page.writeLink(state))), plain(state));
assert.deepStrictEqual(plain(page.readLink("")), plain(page.START));
assert.strictEqual(page.writeLink({ ...page.START }), "#overview");
assert.deepStrictEqual(
    plain(page.readLink("#nonsense?filter=wrong,evil&points=1,x&other=1")),
    plain({ ...page.START, filter: ["wrong"], points: [1] }),
);
