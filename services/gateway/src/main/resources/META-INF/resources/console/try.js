// Asks the student what an image shows.
import { dropOn } from "./drop.js";
import { freshKey, headers, words } from "./write.js";

const SHOWN = 10;
const SIDE = 256;
const NEAR = 6;
const AGAIN_MILLIS = 1000;
const SVG = "http://www.w3.org/2000/svg";

const form = document.getElementById("try");
const state = document.getElementById("try-state");
const refusal = document.getElementById("try-refused");
const answer = document.getElementById("answer");
let newest = 0;

function percent(probability) {
  return (100 * probability).toFixed(2) + " %";
}

function rect(kind, width) {
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("class", kind);
  made.setAttribute("width", width);
  made.setAttribute("height", 10);
  return made;
}

function bar(likely) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = likely.name;
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 100 10");
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(rect("track", 100), rect("share", (100 * likely.probability).toFixed(1)));
  const middle = document.createElement("td");
  middle.append(drawing);
  const number = document.createElement("td");
  number.className = "num";
  number.textContent = percent(likely.probability);
  line.append(head, middle, number);
  return line;
}

/** The policy of our pages has images of our own only; a canvas shows a file without an address. */
async function draw(file) {
  const canvas = document.getElementById("seen");
  canvas.setAttribute("aria-label", "The image " + file.name);
  canvas.hidden = true;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(SIDE / image.width, SIDE / image.height);
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = scale < 1;
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.hidden = false;
  } catch (e) {
    // The browser cannot show it; what the gateway says of it counts.
  }
}

function show(prediction) {
  const model = document.getElementById("student");
  model.href = form.dataset.modelPages + encodeURIComponent(prediction.checkpoint);
  model.textContent = prediction.checkpoint.slice(0, 12);
  document.getElementById("took").textContent = prediction.millis.toFixed(1);
  document.querySelector("#likely tbody").replaceChildren(...prediction.classes.slice(0, SHOWN).map(bar));
  const rest = prediction.classes.length - SHOWN;
  document.getElementById("rest").textContent = rest > 0 ? "and " + rest + " classes that are less likely" : "";
  answer.hidden = false;
}

function neighbour(near) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  const picture = document.createElement("img");
  const words = document.createElement("span");
  picture.src = near.address;
  picture.alt = near.label ? "Training image labeled " + near.label : "Training image without a label";
  link.href = form.dataset.shards + encodeURIComponent(near.shard);
  link.append(picture);
  words.textContent = near.similarity.toFixed(3) + (near.label ? ", labeled " + near.label : "");
  line.append(link, words);
  return line;
}

function standing(found) {
  if (found.wanted === 0) {
    return "There are no training images to compare it with.";
  }
  const of = found.compared < found.wanted ? " of " + found.wanted.toLocaleString("en") : "";
  return "Compared with " + found.compared.toLocaleString("en") + of + " images of the newest shards. " + (found.problem || "");
}

/** Training images are read when somebody first asks; until all are there it is asked again. */
async function near(file, checkpoint, turn) {
  const told = document.getElementById("near-state");
  const list = document.getElementById("near");
  try {
    const said = await fetch(form.dataset.nearest + "?count=" + NEAR + "&checkpoint=" + encodeURIComponent(checkpoint), {
      method: "POST",
      headers: headers(freshKey(), { "Content-Type": "application/octet-stream", Accept: "application/json" }),
      body: file,
    });
    const text = await said.text();
    if (turn !== newest) {
      return;
    }
    if (said.status !== 200) {
      told.textContent = words(said.status, text);
      return;
    }
    const found = JSON.parse(text);
    list.replaceChildren(...found.images.map(neighbour));
    list.dataset.compared = found.compared;
    told.textContent = standing(found);
    if (found.compared < found.wanted) {
      setTimeout(() => turn === newest && near(file, checkpoint, turn), AGAIN_MILLIS);
    }
  } catch (e) {
    if (turn === newest) {
      told.textContent = "The gateway does not answer. Ask again.";
    }
  }
}

function forgetNear() {
  document.getElementById("near").replaceChildren();
  delete document.getElementById("near").dataset.compared;
  document.getElementById("near-state").textContent = "";
}

async function ask(file) {
  const turn = ++newest;
  refusal.textContent = "";
  state.textContent = "Asking about " + file.name + ".";
  let status = 0;
  let text = "";
  try {
    const said = await fetch(form.dataset.predict, {
      method: "POST",
      headers: headers(freshKey(), { "Content-Type": "application/octet-stream", Accept: "application/json" }),
      body: file,
    });
    status = said.status;
    text = await said.text();
  } catch (e) {
    // Told below.
  }
  if (turn !== newest) {
    return;
  }
  if (status === 200) {
    const prediction = JSON.parse(text);
    await draw(file);
    show(prediction);
    forgetNear();
    near(file, prediction.checkpoint, turn);
    state.textContent = file.name + " shows " + prediction.classes[0].name + ", says the student: " + percent(prediction.classes[0].probability) + ".";
  } else {
    answer.hidden = true;
    state.textContent = "";
    refusal.textContent = status ? words(status, text) : "The gateway does not answer. Try again.";
  }
}

function first(files) {
  if (files.length) {
    ask(files[0]);
  }
}

const input = document.getElementById("image");
input.addEventListener("change", () => first(input.files));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  first(input.files);
});
dropOn(form, first);
document.addEventListener("paste", (event) => first(Array.from(event.clipboardData.files)));
