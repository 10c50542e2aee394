// What htmx does not do: curves, charts, and telling screen readers that a page has changed.
(function () {
  "use strict";

  const HEIGHT = 220;
  const QUIET_MILLIS = 30000;

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function axis(label) {
    return {
      label: label,
      labelSize: 18,
      labelFont: "12px system-ui, sans-serif",
      font: "11px system-ui, sans-serif",
      stroke: () => colour("--quiet"),
      grid: { stroke: () => colour("--line"), width: 1 },
      ticks: { stroke: () => colour("--line"), width: 1 },
      size: label ? 56 : 30,
    };
  }

  function widthOf(element) {
    return Math.max(240, element.clientWidth);
  }

  function keepWidth(chart, element) {
    new ResizeObserver(() => chart.setSize({ width: widthOf(element), height: HEIGHT })).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw(false, true));
  }

  // A number of a curve with as many digits as tell it from its neighbours.
  function short(value) {
    return value == null ? "–" : Math.abs(value) >= 0.001 ? value.toPrecision(4) : value.toExponential(2);
  }

  function curve(element) {
    const chart = new uPlot({
      width: widthOf(element),
      height: HEIGHT,
      scales: { x: { time: false } },
      axes: [axis(), Object.assign(axis(), { size: 72, values: (u, ticks) => ticks.map(short) })],
      series: [
        { label: "Step" },
        { label: element.dataset.name, stroke: () => colour("--running"), width: 2, points: { show: false },
          value: (u, value) => short(value) },
      ],
    }, [[], []], element);
    keepWidth(chart, element);
    return chart;
  }

  // Points come by server-sent events, and a run that goes on from a snapshot does some steps again.
  function follow(host) {
    const charts = Array.from(host.querySelectorAll("[data-curve]"), (element) => ({
      column: Number(element.dataset.curve),
      chart: curve(element),
    }));
    let points = [];
    host.addEventListener("htmx:sseBeforeMessage", (event) => {
      event.preventDefault();
      const more = JSON.parse(event.detail.data);
      const first = more[0][0];
      points = points.filter((point) => point[0] < first).concat(more);
      for (const { column, chart } of charts) {
        chart.setData([points.map((point) => point[0]), points.map((point) => point[column])]);
      }
      host.dataset.count = points.length;
    });
  }

  // A part of a moment in UTC as the tables write it.
  function utc(seconds, from, to) {
    return new Date(seconds * 1000).toISOString().replace("T", " ").slice(from, to);
  }

  // Distances of the ticks of time, in seconds: none is told twice in the words of `moment`.
  const DISTANCES = [1, 2, 5, 10, 15, 30].flatMap((n) => [n, 60 * n])
    .concat([1, 2, 6, 12].map((n) => 3600 * n), [1, 2, 7, 14, 28, 91, 182, 364, 728].map((n) => 86400 * n))
    .sort((a, b) => a - b);

  function moment(step) {
    if (step < 60) {
      return (seconds) => utc(seconds, 11, 19);
    }
    return (seconds) => (step < 86400 ? utc(seconds, 5, 16) : utc(seconds, 0, 10));
  }

  function series(label, stroke, more) {
    return Object.assign({
      label: label,
      stroke: () => colour(stroke),
      width: 2,
      spanGaps: true,
      value: (u, value) => (value == null ? "–" : value.toFixed(2) + " %"),
    }, more);
  }

  // Checkpoints are hollow dots that are joined, those that took a role large full ones that are not.
  function modelChart(element) {
    const made = (size, dash) => ({ dash: dash, points: { show: true, size: size, fill: () => colour("--paper") } });
    const took = (stroke) => ({ paths: () => null, points: { show: true, size: 13, width: 1, fill: () => colour(stroke) } });
    return new uPlot({
      width: widthOf(element),
      height: HEIGHT + 40,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      axes: [Object.assign(axis("UTC"), { size: 40, space: 90, incrs: DISTANCES, values: (u, ticks, i, space, step) => ticks.map(moment(step)) }), Object.assign(axis("held-out top-1, %"), { size: 48 })],
      series: [
        { label: "Time", value: (u, value) => (value == null ? "–" : utc(value, 0, 16)) },
        series("Teachers", "--running", made(7, [])),
        series("Students", "--waiting", made(9, [6, 4])),
        series("Became the teacher", "--running", took("--running")),
        series("Became the student", "--waiting", took("--waiting")),
      ],
    }, [[], [], [], [], []], element);
  }

  // It is looked at again whenever the part of the page that changes was replaced.
  function models(element) {
    const section = element.closest("section");
    let chart = null;
    let shown = "";
    function draw(text) {
      const data = JSON.parse(text);
      if (text === shown || data.time.length === 0) {
        return;
      }
      shown = text;
      section.hidden = false;
      if (chart === null) {
        chart = modelChart(element);
        keepWidth(chart, element);
      }
      chart.setData([data.time, data.teachers, data.students, data.teacher, data.student]);
      const count = (values) => values.filter((value) => value != null).length;
      element.dataset.count = count(data.teachers) + count(data.students);
      element.dataset.promotions = count(data.teacher) + count(data.student);
    }
    function look() {
      fetch(element.dataset.models).then((answer) => (answer.ok ? answer.text().then(draw) : null)).catch(() => null);
    }
    document.body.addEventListener("htmx:afterSwap", look);
    look();
  }

  // The curves of several runs, told apart by their dashes as well as by their colours.
  function compare(host) {
    const strokes = [["--running", []], ["--waiting", [8, 4]], ["--good", [2, 3]], ["--bad", [12, 3, 2, 3]]];
    fetch(host.dataset.compare).then((answer) => answer.json()).then((data) => {
      for (const element of host.querySelectorAll("[data-kind]")) {
        const chart = new uPlot({
          width: widthOf(element),
          height: HEIGHT,
          scales: { x: { time: false } },
          axes: [axis(), Object.assign(axis(), { size: 72, values: (u, ticks) => ticks.map(short) })],
          series: [{ label: "Step" }].concat(data.runs.map((name, i) => ({
            label: name,
            stroke: () => colour(strokes[i][0]),
            dash: strokes[i][1],
            width: 2,
            spanGaps: true,
            points: { show: false },
            value: (u, value) => short(value),
          }))),
        }, [data.steps].concat(data[element.dataset.kind]), element);
        keepWidth(chart, element);
      }
      host.dataset.count = data.steps.length;
    });
  }

  // Parts that change are replaced too often to be read out each time.
  function announce(line) {
    let last = Date.now();
    document.body.addEventListener("htmx:afterSwap", () => {
      if (Date.now() - last > QUIET_MILLIS) {
        last = Date.now();
        line.textContent = "The page was updated.";
      }
    });
  }

  // What is replaced under the reader's hands keeps the focus, and how far it is scrolled. htmx does it for what has an id.
  function keepFocus() {
    let focused = null;
    let inside = false;
    let scrolled = [];
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      const active = document.activeElement;
      inside = event.detail.target.contains(active);
      focused = inside ? active.getAttribute("href") : null;
      scrolled = Array.from(event.detail.target.querySelectorAll(".scroll[id]"), (each) => [each.id, each.scrollLeft]);
    });
    document.body.addEventListener("htmx:afterSwap", (event) => {
      for (const [id, left] of scrolled) {
        const same = document.getElementById(id);
        if (same) {
          same.scrollLeft = left;
        }
      }
      if (focused !== null) {
        const same = Array.from(event.detail.target.querySelectorAll("a")).find((link) =>
          link.getAttribute("href") === focused && link.getClientRects().length > 0);
        if (same) {
          same.focus({ preventScroll: true });
        }
      }
      if (inside && document.activeElement === document.body) {
        document.getElementById("main").focus({ preventScroll: true });
      }
    });
  }

  document.querySelectorAll("[data-points]").forEach(follow);
  document.querySelectorAll("[data-models]").forEach(models);
  document.querySelectorAll("[data-compare]").forEach(compare);
  document.querySelectorAll("[data-announce]").forEach(announce);
  keepFocus();
})();
