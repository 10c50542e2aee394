// Sends images that were chosen or dropped, some at a time, and tells what became of each.
import { dropOn, hold } from "./drop.js";
import { freshKey, headers, words } from "./write.js";

const FILES_AT_ONCE = 200;
const BYTES_AT_ONCE = 64 * 1024 * 1024;
const SHOWN = 200;
const ARCHIVES = [[/\.zip$/i, "application/zip"], [/\.tar$/i, "application/x-tar"], [/\.(tgz|gz)$/i, "application/gzip"]];
// Whether the images are in is not known after these; the same key makes them count once.
const UNKNOWN = [0, 408, 503];

const form = document.getElementById("upload");
const input = document.getElementById("files");
const state = document.getElementById("upload-state");
const bar = document.getElementById("upload-progress");
const results = document.getElementById("results");
const rows = results.querySelector("tbody");
const digests = new Map();
let more = 0;

function archiveType(file) {
  const known = ARCHIVES.find(([name]) => name.test(file.name));
  return known ? known[1] : "";
}

/** Archives go one by one, images together. */
function requests(files, query) {
  const made = [];
  let images = null;
  for (const file of files) {
    const type = archiveType(file);
    if (type) {
      made.push({ files: [file], type: type, query: query, key: freshKey() });
    } else {
      if (!images || images.files.length === FILES_AT_ONCE || images.bytes + file.size > BYTES_AT_ONCE) {
        images = { files: [], bytes: 0, type: "", query: query, key: freshKey() };
        made.push(images);
      }
      images.files.push(file);
      images.bytes += file.size;
    }
  }
  return made;
}

function query() {
  const asked = new URLSearchParams({ split: form.elements.split.value });
  const label = form.elements.label.value;
  if (label === "archive") {
    asked.set("labeled", "true");
  } else if (label.startsWith("class:")) {
    asked.set("label", label.slice("class:".length));
  }
  return asked.toString();
}

function body(request) {
  if (request.type) {
    return request.files[0];
  }
  const data = new FormData();
  request.files.forEach((file) => data.append("image", file, file.name));
  return data;
}

/** @returns {Promise<{status: number, text: string}>} status 0 where there was no answer */
function send(request, progressed) {
  return new Promise((resolve) => {
    const http = new XMLHttpRequest();
    http.open("POST", form.dataset.upload + "?" + request.query);
    for (const [name, value] of Object.entries(headers(request.key, request.type ? { "Content-Type": request.type } : {}))) {
      http.setRequestHeader(name, value);
    }
    http.upload.addEventListener("progress", (event) => progressed(event.loaded));
    http.addEventListener("load", () => resolve({ status: http.status, text: http.responseText }));
    http.addEventListener("error", () => resolve({ status: 0, text: "" }));
    http.addEventListener("abort", () => resolve({ status: 0, text: "" }));
    http.send(body(request));
  });
}

function row(name, mark, kind, text) {
  results.hidden = false;
  if (rows.rows.length >= SHOWN && kind === "good") {
    more++;
    document.getElementById("more-results").textContent = "and " + more + " more that were accepted";
    return null;
  }
  const line = rows.insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const outcome = document.createElement("td");
  const word = document.createElement("span");
  word.className = "mark " + kind;
  word.textContent = mark;
  outcome.append(word, " ", text);
  line.append(head, outcome);
  return outcome;
}

function accepted(image) {
  const same = digests.get(image.digest);
  const link = document.createElement("a");
  link.href = form.dataset.shards + encodeURIComponent(image.shard);
  link.textContent = image.shard.slice(0, 12);
  const text = document.createElement("span");
  text.append(same ? "the same image as " + same + ", and in shard " : "in shard ", link);
  row(image.name, same ? "duplicate" : "accepted", same ? "waiting" : "good", text);
  digests.set(image.digest, same || image.name);
}

function names(request) {
  return request.files.length === 1 ? request.files[0].name : request.files[0].name + " and " + (request.files.length - 1) + " more";
}

/** @returns {boolean} whether the gateway has taken what can be used of it */
function told(request, answer) {
  if (answer.status === 200) {
    const done = JSON.parse(answer.text);
    done.images.forEach(accepted);
    done.problems.forEach((problem) => row(problem.name, "refused", "bad", problem.detail));
    return true;
  }
  const why = answer.status ? words(answer.status, answer.text) : "The gateway does not answer.";
  const outcome = row(names(request), UNKNOWN.includes(answer.status) ? "not known" : "refused", "bad", why + " ");
  if (UNKNOWN.includes(answer.status)) {
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Send again";
    again.addEventListener("click", () => {
      again.remove();
      run([request]);
    });
    outcome.append(again);
  } else {
    (problems(answer.text) || []).forEach((problem) => row(problem.name, "refused", "bad", problem.detail));
  }
  return false;
}

function problems(text) {
  try {
    return JSON.parse(text).problems;
  } catch (e) {
    return [];
  }
}

async function run(all) {
  const button = document.getElementById("upload-start");
  const size = (request) => request.files.reduce((sum, file) => sum + file.size, 0);
  const count = all.reduce((sum, request) => sum + request.files.length, 0);
  const left = [];
  let sent = 0;
  button.disabled = true;
  bar.hidden = false;
  bar.value = 0;
  bar.max = Math.max(1, all.reduce((sum, request) => sum + size(request), 0));
  state.textContent = "Uploading " + count + (count === 1 ? " file." : " files.");
  for (const request of all) {
    const answer = await send(request, (loaded) => {
      bar.value = sent + Math.min(loaded, size(request));
      document.getElementById("upload-share").textContent = Math.round((100 * bar.value) / bar.max) + " %";
    });
    sent += size(request);
    if (!told(request, answer) && !UNKNOWN.includes(answer.status)) {
      left.push(...request.files);
    }
  }
  bar.hidden = true;
  document.getElementById("upload-share").textContent = "";
  button.disabled = false;
  hold(input, left);
  state.textContent = left.length
    ? "Done. What was refused as a whole is still chosen: change how it is taken, and upload it again."
    : "Done. The results are below.";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const files = Array.from(input.files);
  if (files.length) {
    run(requests(files, query()));
  } else {
    state.textContent = "Choose files first, or drop some here.";
    input.focus();
  }
});

dropOn(form, (files) => {
  hold(input, files);
  state.textContent = files.length + (files.length === 1 ? " file is" : " files are") + " chosen. Upload sends them.";
});
