// Responses compressed as clients accept them, compressed request bodies, precompressed files, error pages. What the
// scenario `compression` drives, and an example to read.
//
//     h3-compression --port 8080 --root public &
//     curl -s --compressed http://127.0.0.1:8080/notes | head -c 80
//     echo '{"text":"hello"}' | gzip | curl -H 'Content-Encoding: gzip' --data-binary @- http://127.0.0.1:8080/notes
//     brotli -k public/app.js; curl -sI -H 'Accept-Encoding: br' http://127.0.0.1:8080/files/app.js
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "h3http/compress.hpp"
#include "h3http/decompress.hpp"
#include "h3http/h3.hpp"

namespace {

using h3::Event;

constexpr std::size_t kMaxNotesBytes = 256 * 1024;

/// A list of notes, as real ones look: 100 bytes each.
std::string someNotes(int count) {
  std::string json = "[";
  for (int i = 0; i < count; ++i) {
    json.append(i == 0 ? "" : ",\n").append(R"({"id":)").append(std::to_string(1000 + i * 7919 % 100'000));
    json.append(R"(,"title":"note )").append(std::to_string(i)).append(R"(","tags":["a","b")");
    json.append(R"(],"text":"compression saves more of this than of noise"})");
  }
  return json.append("]");
}

void addNotes(h3::App& app) {
  static const std::string few = someNotes(3);
  static const std::string some = someNotes(80);
  static const std::string many = someNotes(2000);
  app.get("/notes", [](Event& event) {
    event.setHeader("ETag", "\"notes-1\"");
    event.sendView(some, "application/json");
  });
  app.get("/notes/few", [](Event& event) { event.sendView(few, "application/json"); });
  app.get("/notes/many", [](Event& event) { event.sendView(many, "application/json"); });
  // A search word beside a secret must not be compressed together: see BREACH in compress.hpp.
  app.get("/search", [](Event& event) {
    h3::doNotCompress(event);
    event.sendText(event.getQuery("q").value_or(""));
  });
  app.post("/notes",
           [](Event& event) {
             event.sendJson({{"bytes", event.readBody().size()}});
           })
      .decodeBodies(h3::decompress({.maxBytes = kMaxNotesBytes}));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("h3-compression: compressed responses, requests and files", "h3-compression");
  h3::Config config = h3::Config::production();
  std::string root;
  command.add_option("--port", config.port, "TCP port on 127.0.0.1; 0 lets the system choose")
      ->capture_default_str();
  command.add_option("--threads", config.threads, "worker threads")->capture_default_str();
  command.add_option("--root", root,
                     "serves the files below this directory at /files, precompressed if they are");
  CLI11_PARSE(command, argc, argv);
  try {
    h3::App app;
    h3::errorPages(app);
    h3::compress(app);
    addNotes(app);
    if (!root.empty()) app.get("/files/**:path", h3::serveStatic({.root = root, .precompressed = true}));
    app.get("/health", [](Event& event) { event.sendView("ok", "text/plain"); });
    h3::exposeMetrics(app, "/metrics", "/metrics.json");
    return h3::serve(app, config);
  } catch (const std::exception& error) {
    std::cerr << "h3-compression: " << error.what() << '\n';
    return 1;
  }
}
