// Elements out of names, attributes and children. Texts only ever become text nodes: outputs of models are shown, never parsed.

function h(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
        if (value === undefined || value === null || value === false) continue;
        if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
        else if (key === "style")
            for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to);
        else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
    return element;
}

function byId(id) {
    return document.getElementById(id);
}

/** The text with the words of the search marked. */
function marked(text, words) {
    if (!words.length) return [text];
    const pattern = new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "gi");
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(pattern)) {
        if (match.index > from) parts.push(text.slice(from, match.index));
        parts.push(h("mark", {}, match[0]));
        from = match.index + match[0].length;
    }
    if (from < text.length) parts.push(text.slice(from));
    return parts;
}

/** Calls once, after the last of many calls. */
function afterPause(millis, call) {
    let timer = 0;
    return (...values) => {
        clearTimeout(timer);
        timer = setTimeout(() => call(...values), millis);
    };
}

function select(id, options, chosen, onchange) {
    return h(
        "select",
        { id, onchange: event => onchange(event.target.value) },
        options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)),
    );
}

/** Columns are {head, of}, `of` giving what stands in an item's cell; the first one heads its row. */
function table(id, columns, items, rowClass) {
    const cell = (column, item, i, place) => h(i ? "td" : "th", i ? {} : { scope: "row" }, column.of(item, place));
    const row = (item, place) =>
        h("tr", { class: rowClass && rowClass(item) }, ...columns.map((column, i) => cell(column, item, i, place)));
    const heads = columns.map(column => h("th", { scope: "col" }, column.head));
    return h(
        "div",
        { class: "scroll" },
        h("table", { id }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, items.map(row))),
    );
}
