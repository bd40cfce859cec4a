// Called by node_clients.py: node node_client.mjs http|undici|fetch, exchanges as JSON in, responses out.
import { createHash } from "node:crypto";
import http from "node:http";
import { createRequire } from "node:module";

const clients = { http: httpClient, undici: undiciClient, fetch: fetchClient };

function fieldsOf(headers) {
  const entries = typeof headers.entries === "function" ? headers.entries() : Object.entries(headers);
  return Object.fromEntries([...entries].map(([name, value]) => [name.toLowerCase(), String(value)]));
}

async function resultOf(status, headers, body) {
  const hash = createHash("sha256");
  let size = 0;
  for await (const part of body) {
    hash.update(part);
    size += part.length;
  }
  return { status, fields: fieldsOf(headers), size, digest: hash.digest("hex") };
}

async function* pieces(body) {
  for (let at = 0; at < body.length; at += 7000) yield body.subarray(at, at + 7000);
}

function httpClient({ base, unix }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const open = ({ method, path, fields, body, chunked }) => {
    const headers = body && !chunked ? { ...fields, "Content-Length": body.length } : fields;
    return http.request(base + path, { agent, method, headers, ...(unix && { socketPath: unix }) });
  };
  return {
    exchange: (asked) =>
      new Promise((resolve, reject) => {
        const request = open(asked);
        const { body } = asked;
        const send = async () => {
          if (!asked.chunked) return request.end(body);
          for await (const piece of pieces(body)) request.write(piece);
          request.end();
        };
        request.on("error", reject);
        request.on("response", (response) => {
          request.end(); // nothing more, where the server has refused what was announced
          resultOf(response.statusCode, response.headers, response).then(resolve, reject);
        });
        if (!asked.fields.Expect) return send();
        request.on("continue", send);
        request.flushHeaders();
      }),
    abandon: (path) =>
      new Promise((resolve, reject) => {
        const request = open({ method: "GET", path, fields: {} });
        request.on("error", reject);
        request.on("response", (response) =>
          response.once("data", () => {
            request.off("error", reject).on("error", () => {}).destroy();
            resolve();
          }),
        );
        request.end();
      }),
    close: () => agent.destroy(),
  };
}

function undiciClient({ base, unix }) {
  const { Client } = createRequire(import.meta.url)("undici");
  const client = new Client(base, { pipelining: 10, ...(unix && { connect: { socketPath: unix } }) });
  return {
    exchange: async ({ method, path, fields, body, chunked }) => {
      const response = await client.request({ method, path, headers: fields, body: chunked ? pieces(body) : body });
      return resultOf(response.statusCode, response.headers, response.body);
    },
    abandon: async (path) => {
      const { body } = await client.request({ method: "GET", path });
      body.on("error", () => {});
      body.destroy();
    },
    close: () => client.destroy(),
  };
}

function fetchClient({ base }) {
  return {
    exchange: async ({ method, path, fields, body, chunked, follow }) => {
      const redirect = follow ? "follow" : "manual";
      const sent = chunked ? { body: pieces(body), duplex: "half" } : { body };
      const response = await fetch(base + path, { method, headers: fields, redirect, ...sent });
      return resultOf(response.status, response.headers, response.body ?? []);
    },
    abandon: async (path) => {
      const response = await fetch(base + path);
      const reader = response.body.getReader();
      await reader.read();
      await reader.cancel();
    },
    close: () => {},
  };
}

const parts = [];
for await (const part of process.stdin) parts.push(part);
const { base, unix, exchanges, together, abandon } = JSON.parse(Buffer.concat(parts));
const client = clients[process.argv[2]]({ base, unix });
for (const each of exchanges) each.body = each.body === null ? undefined : Buffer.from(each.body, "base64");
const results = [];
if (abandon) await client.abandon(abandon);
if (together) results.push(...(await Promise.all(exchanges.map(client.exchange))));
else for (const each of exchanges) results.push(await client.exchange(each));
client.close();
process.stdout.write(JSON.stringify(results));
