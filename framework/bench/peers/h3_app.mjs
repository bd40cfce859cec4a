// h3 for JavaScript, on Node and on Bun: node h3_app.mjs --port N, bun h3_app.mjs --port N
import { H3, getRouterParam, serve } from "h3";

const port = Number(process.argv[process.argv.indexOf("--port") + 1]);

const app = new H3()
  .get("/plaintext", () => "Hello, World!")
  .get("/json", () => ({ message: "Hello, World!" }))
  .get("/users/:id", (event) => getRouterParam(event, "id"))
  .post("/echo", async (event) => new Uint8Array(await event.req.arrayBuffer()));

serve(app, { port, hostname: "127.0.0.1", silent: true });
