// Numbers and names for people.

function percent(share) {
    return (100 * share).toFixed(share > 0 && share < 0.001 ? 2 : 1) + " %";
}

function decimal(number, digits) {
    return number === undefined || number === null ? "" : number.toFixed(digits === undefined ? 3 : digits);
}

function count(number) {
    return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function interval(of) {
    return `${decimal(of.mean)} (${decimal(of.low)} to ${decimal(of.high)})`;
}

function pValue(p) {
    return p < 0.001 ? "< 0.001" : decimal(p);
}

/** "temperature=0.2", "temperature=0.7" become "0.2", "0.7" under the name "temperature". */
function shortNames(names) {
    const equals = names.map(name => name.lastIndexOf("="));
    const shared = names.length > 1 && equals[0] > 0 ? names[0].slice(0, equals[0] + 1) : "";
    if (!shared || !names.every((name, i) => equals[i] === shared.length - 1 && name.startsWith(shared))) {
        return { under: "", names };
    }
    return { under: shared.slice(0, -1), names: names.map(name => name.slice(shared.length)) };
}
