// Asks about one image after the other. An answer is held until the next one is given, or for a while, so that it can be taken back.
(function () {
  "use strict";

  const LOW = 5;
  const HOLD_MILLIS = 5000;
  const AGAIN_MILLIS = 5000;
  const MOST = 100;

  const root = document.getElementById("labeling");
  const part = (name) => document.getElementById("labeling-" + name);
  const queue = root.dataset.queue;

  let asked = [];
  let held = null;
  let holding = 0;
  let unsent = [];
  let underWay = [];
  // Images of the queue that the gateway has not told yet.
  let beyond = 0;
  let labeled = 0;
  let skipped = 0;
  let standing = null;
  let loading = false;
  const known = new Set();

  function say(text) {
    part("status").textContent = text;
  }

  function percent(probability) {
    return (100 * probability).toFixed(1) + " %";
  }

  function count(number, thing) {
    return number.toLocaleString("en") + " " + thing + (number === 1 ? "" : "s");
  }

  // Answers that are not in yet.
  function pending() {
    return (held ? 1 : 0) + unsent.length + underWay.length;
  }

  function load() {
    if (loading) {
      return;
    }
    loading = true;
    fetch(queue + "?strategy=" + encodeURIComponent(root.dataset.strategy))
      .then((answer) => (answer.ok ? answer.json() : answer.json().then((problem) => Promise.reject(new Error(problem.detail)))))
      .then((data) => {
        standing = data;
        const more = data.items.filter((item) => !known.has(item.image));
        more.forEach((item) => known.add(item.image));
        asked = asked.concat(more);
        beyond = Math.max(0, data.left - data.items.length);
      })
      .catch((error) => say("The queue cannot be read: " + error.message + ". It is tried again."))
      .finally(() => {
        loading = false;
        show();
        if (asked.length === 0) {
          setTimeout(load, AGAIN_MILLIS);
        }
      });
  }

  function why() {
    if (standing === null) {
      return "The gateway does not tell its queue. The page asks again.";
    } else if (standing.unread > 0) {
      return "The gateway is reading what teachers say of " + count(standing.unread, "shard") + ". The page asks again.";
    } else if (standing.unreadable > 0 && standing.shards === 0) {
      return "The soft labels of " + count(standing.unreadable, "shard") + " cannot be read from the store; the gateway tries again. Its log tells why.";
    } else if (standing.shards === 0) {
      return "There are no soft labels yet. They come as soon as there is a teacher and images without labels: upload images, and a few with labels.";
    } else if (standing.strategy === "disagreement" && labeled + skipped === 0) {
      return "Nobody disagrees: only one teacher has labeled these images, or all is answered. Choose another way above.";
    }
    return "Nothing is left to ask: all that was uncertain is answered or skipped. More comes with the next images and the next teacher; or choose another way above.";
  }

  function cell(tag, text, className) {
    const element = document.createElement(tag);
    element.textContent = text;
    element.className = className || "";
    return element;
  }

  function bar(probability) {
    const namespace = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(namespace, "svg");
    svg.setAttribute("viewBox", "0 0 100 10");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    [["track", 100], ["share", 100 * probability]].forEach(([name, width]) => {
      const rect = document.createElementNS(namespace, "rect");
      rect.setAttribute("class", name);
      rect.setAttribute("width", width);
      rect.setAttribute("height", 10);
      svg.append(rect);
    });
    const data = document.createElement("td");
    data.append(svg);
    return data;
  }

  function guess(each) {
    const row = document.createElement("tr");
    const name = cell("th", each.class);
    name.scope = "row";
    row.append(name, bar(each.probability), cell("td", percent(each.probability), "num"));
    return row;
  }

  function show() {
    const item = asked[0];
    root.hidden = !item;
    part("empty").hidden = Boolean(item);
    part("more").hidden = !item && !held && labeled + skipped === 0;
    if (!item) {
      part("why").textContent = why();
    } else if (root.dataset.image !== item.image) {
      root.dataset.image = item.image;
      part("image").src = item.address;
      part("image").alt = "The image to label, " + item.image.substring(0, 12);
      part("caption").textContent = (item.key || item.image.substring(0, 12)) + ", score " + item.score.toFixed(3);
      part("guesses").replaceChildren(...item.guesses.map(guess));
    }
    if (asked[1]) {
      new Image().src = asked[1].address;
    }
    const done = labeled + skipped + pending();
    const left = asked.length + beyond;
    part("progress").max = Math.max(1, done + left);
    part("progress").value = done;
    part("count").textContent = labeled + " labeled, " + skipped + " skipped, " + pending() + " on the way; " + count(left, "image") + " left.";
    part("undo").disabled = !held;
    root.dataset.labeled = labeled;
  }

  function answer(body, words) {
    const item = asked.shift();
    release();
    held = { item: item, body: Object.assign({ image: item.image, shard: item.shard }, body) };
    holding = setTimeout(() => { release(); show(); }, HOLD_MILLIS);
    const next = asked[0];
    say(words + "." + (next && next.guesses[0] ? " The next image: the teacher thinks " + next.guesses[0].class + ", " + percent(next.guesses[0].probability) + "." : ""));
    show();
    if (asked.length < LOW) {
      load();
    }
  }

  function takeBack() {
    if (!held) {
      say("There is nothing to take back: earlier answers are sent.");
      return;
    }
    clearTimeout(holding);
    asked.unshift(held.item);
    held = null;
    say("The last answer is taken back.");
    show();
  }

  function release() {
    if (held) {
      clearTimeout(holding);
      unsent.push(held.body);
      held = null;
      send(MOST);
    }
  }

  function send(most) {
    if (underWay.length > 0 || unsent.length === 0) {
      return;
    }
    underWay = unsent.splice(0, most);
    fetch(queue + "/answers", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Tutelage-Console": "1" },
      body: JSON.stringify({ answers: underWay }),
      keepalive: true,
    }).then((response) => response.json().then((body) => took(response, body)))
      .catch((error) => tryAgain(error.message));
  }

  function took(response, body) {
    if ([401, 403, 429].includes(response.status) || response.status >= 500) {
      tryAgain(body.detail || "it answers with " + response.status);
      return;
    }
    const sent = underWay;
    underWay = [];
    if (response.ok) {
      body.outcomes.forEach(note);
      send(MOST);
    } else if (sent.length > 1) {
      // One of them is refused: each by itself tells which.
      unsent = sent.concat(unsent);
      send(1);
    } else {
      say("An answer was refused: " + (body.detail || body.title || response.status));
      send(1);
    }
    show();
  }

  function note(outcome) {
    if (outcome.outcome === "skipped") {
      skipped += 1;
    } else if (outcome.outcome === "labeled") {
      labeled += 1;
    } else {
      say("Image " + outcome.image.substring(0, 12) + ": " + outcome.detail + ".");
    }
  }

  function tryAgain(reason) {
    unsent = underWay.concat(unsent);
    underWay = [];
    say(count(unsent.length, "answer") + " could not be sent (" + reason + "). They are sent again; leave the page open.");
    show();
    setTimeout(() => send(MOST), AGAIN_MILLIS);
  }

  function skip() {
    answer({ skip: true }, "Skipped");
  }

  function choose(button) {
    answer({ class: button.dataset.class }, button.dataset.class);
  }

  const buttons = Array.from(root.querySelectorAll("[data-class]"));

  function act(key) {
    if (key === "u" || key === "backspace") {
      takeBack();
      return true;
    } else if (!asked[0]) {
      return false;
    } else if (key === "s" || key === " ") {
      skip();
      return true;
    }
    const button = buttons.find((each) => each.dataset.key === key);
    if (button) {
      choose(button);
    }
    return Boolean(button);
  }

  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input:not([type=checkbox]), select, textarea") !== null;
    const pressing = event.key === " " && event.target.closest("button, a, summary, input") !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || writing || pressing || !part("keys").checked) {
      return;
    }
    if (act(event.key.toLowerCase())) {
      event.preventDefault();
    }
  });

  // After a click, the space bar shall skip and not press the button again.
  function onClick(button, action) {
    button.addEventListener("click", (event) => {
      action();
      if (event.detail > 0) {
        part("figure").focus({ preventScroll: true });
      }
    });
  }

  buttons.forEach((button) => onClick(button, () => asked[0] && choose(button)));
  onClick(part("skip"), () => asked[0] && skip());
  onClick(part("undo"), takeBack);
  addEventListener("pagehide", release);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && release());
  load();
})();
