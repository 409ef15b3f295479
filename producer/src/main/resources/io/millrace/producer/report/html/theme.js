// Dark or light.

/** What was chosen here before, else what the system prefers; at a change the other of the two. */
function theme(change) {
    const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const shown = document.documentElement.dataset.theme;
    const next = change ? (shown === "dark" ? "light" : "dark") : remembered() || preferred;
    document.documentElement.dataset.theme = next;
    if (change) remember(next === preferred ? "" : next);
}

/** The theme that was chosen here before. A browser may keep nothing for files; then there is none. */
function remembered() {
    try {
        return localStorage.getItem("millrace-theme") || "";
    } catch (refused) {
        return "";
    }
}

function remember(chosen) {
    try {
        if (chosen) localStorage.setItem("millrace-theme", chosen);
        else localStorage.removeItem("millrace-theme");
    } catch (refused) {
        byId("theme").title = "Dark or light; this browser keeps no choice for files";
    }
}
