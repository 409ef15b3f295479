// A chart on uPlot in the page's colours. It takes the box it stands in and follows its width.

const CHART_HEIGHT = 240;

function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axes(x, y) {
    const look = {
        stroke: colour("--quiet"),
        grid: { stroke: colour("--line"), width: 1 },
        ticks: { stroke: colour("--line"), width: 1, size: 5 },
        font: "12px system-ui, sans-serif",
        labelFont: "12px system-ui, sans-serif",
        labelSize: 22,
    };
    return [
        { ...look, ...x },
        { ...look, size: 60, ...y },
    ];
}

/** Stands a chart in the box. */
function chart(box, options, data) {
    const width = () => Math.max(260, box.clientWidth);
    const plot = new uPlot({ width: width(), height: CHART_HEIGHT, padding: [12, 24, 0, 0], ...options }, data, box);
    new ResizeObserver(() => {
        if (box.isConnected && plot.width !== width()) plot.setSize({ width: width(), height: plot.height });
    }).observe(box);
    return plot;
}
