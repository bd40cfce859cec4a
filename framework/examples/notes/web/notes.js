// The front-end of the notes: talks to /api/notes. Everything from the server is shown as text, never as markup.
const element = (id) => document.getElementById(id);

function show(problem) {
  element("problem").textContent = problem;
  element("problem").hidden = !problem;
}

// What a problem document says: all of its errors, or its detail.
function textOf(problem) {
  const errors = (problem.errors ?? []).map((e) => `${e.name ?? e.pointer}: expected ${e.expected}`);
  return errors.join("; ") || problem.detail;
}

async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  const body = await response.text();
  let detail = body;
  try {
    detail = textOf(JSON.parse(body));
  } catch { /* a plain text */ }
  const wait = response.headers.get("Retry-After");
  if (response.status === 429 && wait) detail = `Too many attempts: try again in ${wait} seconds`;
  throw Object.assign(new Error(detail || response.statusText), { status: response.status });
}

const json = (value) => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

function child(parent, name, properties) {
  return parent.appendChild(Object.assign(document.createElement(name), properties));
}

function row(note) {
  const item = document.createElement("li");
  child(item, "h3", { textContent: note.title });
  child(item, "p", { textContent: note.text });
  const actions = child(item, "div", { className: "row" });
  const remove = child(actions, "button", { textContent: "Delete", className: "quiet", ariaLabel: `Delete ${note.title}` });
  remove.onclick = () => act(() => call(`/api/notes/${note.id}`, { method: "DELETE" }));
  if (note.attachment)
    child(actions, "a", { href: `/api/notes/${note.id}/attachment`, textContent: "Attachment", ariaLabel: `Attachment of ${note.title}` });
  return item;
}

function showUser(known) {
  for (const id of ["notes", "leave"]) element(id).hidden = !known;
  element("account").hidden = known;
}

let newest = 0;

// A response that a later request has overtaken is dropped.
async function refresh() {
  const mine = ++newest;
  const search = new FormData(element("search")).get("q");
  try {
    const notes = await (await call(`/api/notes?q=${encodeURIComponent(search)}`)).json();
    if (mine !== newest) return;
    element("list").replaceChildren(...notes.map(row));
    element("count").textContent = notes.length === 1 ? "1 note" : `${notes.length || "No"} notes`;
    showUser(true);
  } catch (error) {
    if (error.status !== 401) throw error;
    showUser(false);
  }
}

async function act(what) {
  try {
    show("");
    await what();
    await refresh();
  } catch (error) {
    show(error.message);
  }
}

// Calls `send` instead of leaving the page; the button cannot be pressed again until it is done.
function onSubmit(id, send) {
  element(id).onsubmit = async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    await act(() => send(event.target, button));
    if (button) button.disabled = false;
  };
}

async function addNote(form) {
  const data = new FormData(form);
  const note = { title: data.get("title"), text: data.get("text") };
  const { id } = await (await call("/api/notes", { method: "POST", ...json(note) })).json();
  const file = data.get("file");
  form.reset();
  if (file.size) await call(`/api/notes/${id}/attachment`, { method: "PUT", body: file });
}

// To where the form would go without this script.
async function sendForm(form, button) {
  await call(button?.getAttribute("formaction") ?? form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  form.reset();
}

onSubmit("login", sendForm);
onSubmit("leave", sendForm);
onSubmit("new", addNote);
onSubmit("search", async () => {});
element("search").oninput = () => act(async () => {});
act(async () => {});
