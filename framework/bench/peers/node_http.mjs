// Node's own http module: node node_http.mjs --port N
import { createServer } from "node:http";

const port = Number(process.argv[process.argv.indexOf("--port") + 1]);

function send(response, contentType, body) {
  response.writeHead(200, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

function echo(request, response) {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => send(response, request.headers["content-type"] ?? "application/octet-stream", Buffer.concat(parts)));
}

createServer((request, response) => {
  const { method, url } = request;
  if (url === "/plaintext") send(response, "text/plain", "Hello, World!");
  else if (url === "/json") send(response, "application/json", JSON.stringify({ message: "Hello, World!" }));
  else if (url.startsWith("/users/")) send(response, "text/plain", url.slice("/users/".length));
  else if (url === "/echo" && method === "POST") echo(request, response);
  else response.writeHead(404).end();
}).listen({ port, host: "127.0.0.1", backlog: 4096 });
