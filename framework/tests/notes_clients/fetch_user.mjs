// Called by command_clients.FetchUser: steps as JSON in, responses out.

// The cookies of one user, as far as h3-notes has any: by name, deleted by Max-Age=0.
class Cookies {
  #values = new Map();

  get field() {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  store(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(/; */);
      const [name, value] = pair.split(/=(.*)/s);
      if (attributes.includes("Max-Age=0")) this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }
}

async function* pieces(body, size = 7000) {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

function formData(parts) {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) data.append(name, value);
  return data;
}

function sent({ form, parts, json, body, chunked }) {
  if (form) return { body: new URLSearchParams(form) };
  if (parts) return { body: formData(parts) };
  if (json) return { body: JSON.stringify(json), headers: { "Content-Type": "application/json" } };
  if (!body) return {};
  const bytes = Buffer.from(body, "base64");
  return chunked ? { body: pieces(bytes), duplex: "half" } : { body: bytes };
}

async function exchange(base, step, cookies) {
  const { headers, ...body } = sent(step);
  const field = cookies.field;
  const response = await fetch(base + step.path, {
    method: step.method, redirect: "manual", ...body,
    headers: { ...headers, ...step.fields, ...(field && { Cookie: field }) },
  });
  cookies.store(response.headers.getSetCookie());
  const content = Buffer.from(await response.arrayBuffer());
  return { status: response.status, fields: Object.fromEntries(response.headers), body: content.toString("base64") };
}

const parts = [];
for await (const part of process.stdin) parts.push(part);
const { base, steps } = JSON.parse(Buffer.concat(parts));
const users = {};
const results = [];
for (const step of steps) {
  const cookies = (users[step.user] ??= new Cookies());
  let result;
  for (let left = step.tries; left > 0 && result?.status !== step.status; --left) result = await exchange(base, step, cookies);
  results.push(result);
}
process.stdout.write(JSON.stringify(results));
