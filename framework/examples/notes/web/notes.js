// The front-end of the notes: talks to /api/notes. Everything from the server is shown as text, never as markup.
const element = (id) => document.getElementById(id);

function show(problem) {
  element("problem").textContent = problem;
  element("problem").hidden = !problem;
}

async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  const body = await response.text();
  let detail = body;
  try {
    const problem = JSON.parse(body);
    detail = (problem.errors ?? []).map((e) => `${e.name ?? e.pointer}: expected ${e.expected}`).join("; ") || problem.detail;
  } catch { /* a plain text */ }
  throw Object.assign(new Error(detail || response.statusText), { status: response.status });
}

const json = (value) => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

function row(note) {
  const item = document.createElement("li");
  const title = document.createElement("h2");
  title.textContent = note.title;
  const text = document.createElement("p");
  text.textContent = note.text;
  item.append(title, text);
  if (note.attachment) {
    const link = document.createElement("a");
    link.href = `/api/notes/${note.id}/attachment`;
    link.textContent = "attachment";
    item.append(link, " ");
  }
  const remove = document.createElement("button");
  remove.textContent = "Delete";
  remove.onclick = () => act(() => call(`/api/notes/${note.id}`, { method: "DELETE" }));
  item.append(remove);
  return item;
}

async function refresh() {
  try {
    const search = new FormData(element("search")).get("q");
    const notes = await (await call(`/api/notes?q=${encodeURIComponent(search)}`)).json();
    element("list").replaceChildren(...notes.map(row));
    element("notes").hidden = false;
  } catch (error) {
    if (error.status !== 401) throw error;
    element("account").hidden = false;
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

element("new").onsubmit = (event) => {
  event.preventDefault();
  const form = event.target;
  act(async () => {
    const data = new FormData(form);
    const note = { title: data.get("title"), text: data.get("text") };
    const { id } = await (await call("/api/notes", { method: "POST", ...json(note) })).json();
    const file = data.get("file");
    if (file.size) await call(`/api/notes/${id}/attachment`, { method: "PUT", body: file });
    form.reset();
  });
};
element("search").onsubmit = (event) => event.preventDefault();
element("search").oninput = () => act(async () => {});
act(async () => {});
