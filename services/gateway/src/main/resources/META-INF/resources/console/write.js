// Lets people act: buttons that are marked with data-write become writes of the API. What has consequences is asked about first.

const HEADERS = { "X-Tutelage-Console": "1" };

/** A key of its own for something that is wanted once. Pages that come over plain HTTP have no crypto.randomUUID. */
export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What every write has: the console's mark, and the key under which it counts once. */
export function headers(key, more) {
  return Object.assign({}, HEADERS, { "Idempotency-Key": key }, more);
}

/** What a problem (RFC 9457) says, for people. */
export function words(status, text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail || problem.title;
  } catch (e) {
    return "The gateway has answered " + status + ". Its log may tell why.";
  }
}

/** Says something in the page's live region. */
export function say(text, refused) {
  const line = document.getElementById("said");
  line.classList.toggle("refused", Boolean(refused));
  line.textContent = text;
}

const dialog = document.getElementById("ask");
const yes = document.getElementById("ask-yes");
const reason = document.getElementById("ask-reason");
const refusal = document.getElementById("ask-refused");
let wanted = null;

/** Posts what is wanted. The same once more has the same key; with another reason it is something else. */
async function post(intent, why) {
  const fields = intent.body ? JSON.parse(intent.body) : {};
  if (why) {
    fields.reason = why;
  }
  const body = Object.keys(fields).length ? JSON.stringify(fields) : "";
  if (intent.sent !== body) {
    intent.sent = body;
    intent.key = freshKey();
  }
  let answer;
  try {
    answer = await fetch(intent.address, {
      method: "POST",
      headers: headers(intent.key, { "Content-Type": "application/json", Accept: "application/json" }),
      body: body,
    });
  } catch (e) {
    return "The gateway does not answer, so whether it was done is not known. Try again.";
  }
  return answer.ok ? "" : words(answer.status, await answer.text());
}

function ask(button) {
  document.getElementById("ask-title").textContent = button.dataset.title;
  document.getElementById("ask-text").textContent = button.dataset.question;
  document.getElementById("ask-why").hidden = !("reasoned" in button.dataset);
  reason.value = "";
  refusal.textContent = "";
  yes.textContent = button.textContent;
  dialog.showModal();
}

/** The button may have been replaced while the dialog was open; then the focus stays in the dialog, which is not there any more. */
function keepPlace() {
  const active = document.activeElement;
  if (active === document.body || dialog.contains(active)) {
    document.getElementById("main").focus({ preventScroll: true });
  }
}

async function attempt(button) {
  say("");
  wanted = { address: button.dataset.write, body: button.dataset.body, done: button.dataset.done };
  if (button.dataset.title) {
    ask(button);
  } else {
    const refused = await post(wanted, "");
    say(refused || wanted.done, refused);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-write]");
  if (button) {
    attempt(button);
  }
});

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (yes.disabled) {
    return;
  }
  const intent = wanted;
  yes.disabled = true;
  refusal.textContent = "";
  const refused = await post(intent, reason.value.trim());
  yes.disabled = false;
  if (refused) {
    refusal.textContent = refused;
    yes.focus();
  } else {
    dialog.close();
    say(intent.done);
  }
});

document.getElementById("ask-no").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", keepPlace);
document.documentElement.classList.add("scripts");
