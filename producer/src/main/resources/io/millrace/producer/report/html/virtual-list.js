// A list of rows of one height of which only those in sight exist, so that a hundred thousand scroll like ten.

class VirtualList {
    /** @param row makes the element of an item */
    constructor(rowHeight, row) {
        this.rowHeight = rowHeight;
        this.row = row;
        this.items = [];
        this.shown = "";
        this.rows = h("div", { class: "virtual-rows" });
        this.spacer = h("div", { class: "virtual-spacer" }, this.rows);
        this.element = h("div", { class: "virtual", tabindex: "0", onscroll: () => this.schedule() }, this.spacer);
        new ResizeObserver(() => this.schedule()).observe(this.element);
    }

    /** Shows other items, or the same anew. */
    show(items) {
        this.items = items;
        this.shown = "";
        this.spacer.style.height = items.length * this.rowHeight + "px";
        this.draw();
    }

    /** Scrolls so far that the item is in sight. */
    reveal(index) {
        const top = index * this.rowHeight;
        const { scrollTop, clientHeight } = this.element;
        if (top < scrollTop || top + this.rowHeight > scrollTop + clientHeight) {
            this.element.scrollTop = top - (clientHeight - this.rowHeight) / 2;
        }
        this.draw();
    }

    schedule() {
        if (this.scheduled) return;
        this.scheduled = true;
        requestAnimationFrame(() => {
            this.scheduled = false;
            this.draw();
        });
    }

    draw() {
        const from = Math.max(0, Math.floor(this.element.scrollTop / this.rowHeight) - 5);
        const to = Math.min(
            this.items.length,
            Math.ceil((this.element.scrollTop + this.element.clientHeight) / this.rowHeight) + 5,
        );
        if (this.shown === from + "-" + to) return;
        this.shown = from + "-" + to;
        this.rows.style.transform = `translateY(${from * this.rowHeight}px)`;
        this.rows.replaceChildren(...this.items.slice(from, to).map((item, i) => this.row(item, from + i)));
    }
}
