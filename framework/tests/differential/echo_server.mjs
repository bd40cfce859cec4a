// Says how Node understood each request: node echo_server.mjs SOCKET
//
// Each response has the request's body, and its method and target in the field Seen.
import { createServer } from "node:http";

const kRefusal = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const unanswered = new Map(); // of each socket: the requests without a response

function settle(socket, request) {
  const requests = unanswered.get(socket);
  requests?.delete(request);
  if (socket.isBad && ![...(requests ?? [])].some((each) => each.complete)) socket.end(kRefusal);
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    response.writeHead(200, { Seen: `${request.method} ${request.url}`, "Content-Length": body.length });
    response.end(body, () => settle(request.socket, request));
  });
  unanswered.get(request.socket).add(request);
});
server.on("connection", (socket) => {
  unanswered.set(socket, new Set());
  socket.on("close", () => unanswered.delete(socket));
});
// Without this, bytes that Node refuses, and a CONNECT, take the responses with them that are still to come.
function refuse(socket) {
  if (!socket.writable) return socket.destroy();
  socket.isBad = true;
  settle(socket);
}
server.on("clientError", (error, socket) => refuse(socket));
server.on("connect", (request, socket) => refuse(socket));
server.keepAliveTimeout = 0;
server.listen({ path: process.argv[2], backlog: 1024 });
