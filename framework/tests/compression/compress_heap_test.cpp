// compress.cpp and decompress.cpp: a warm request allocates nothing.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/compress.hpp"
#include "h3http/decompress.hpp"
#include "reference_codings.hpp"

using namespace h3::test;

TEST_CASE("compressed responses of any size allocate nothing on the heap when warm") {
  const std::string texts[] = {someJson(40), someJson(2000), someJson(20'000)};
  h3::App app;
  h3::compress(app);
  app.get("/:size", [&texts](h3::Event& event) {
    event.sendView(texts[event.param("size")[0] - '0'], "application/json");
  });
  LocalWorker worker(app, h3::Config::production());
  std::vector<std::string> requests;
  for (const char* const size : {"0", "1", "2"})
    for (const char* const coding : {"gzip", "br"})
      requests.push_back(
          requestText("GET", std::string("/") + size, std::string("Accept-Encoding: ") + coding + "\r\n"));
  for (int round = 0; round < 3; ++round) {
    for (const std::string& request : requests) {
      const AllocationCounter counter;
      const h3::Event& event = worker.run(request);
      CHECK(event.responseHeader("Content-Encoding").has_value());
      if (round == 2) CHECK(counter.count() == 0);
    }
  }
}

TEST_CASE("coded request bodies of any size allocate nothing on the heap when warm") {
  h3::App app;
  app.decodeBodies(h3::decompress());
  app.post("/", [](h3::Event& event) { event.sendText(event.readBody().substr(0, 5)); });
  LocalWorker worker(app, h3::Config::production());
  std::vector<std::string> requests;
  for (const std::string& text : {someJson(40), someJson(2000), someJson(10'000)}) {
    for (const bool gzip : {true, false}) {
      const std::string body = gzip ? gzipped(text) : brotlied(text);
      requests.push_back(requestText("POST", "/",
                                     std::string("Content-Encoding: ") + (gzip ? "gzip" : "br") +
                                         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") +
                         body);
    }
  }
  requests.push_back(requestText("POST", "/", "Content-Encoding: gzip\r\nContent-Length: 4\r\n") + "oops");
  for (int round = 0; round < 3; ++round) {
    for (const std::string& request : requests) {
      const AllocationCounter counter;
      const h3::Event& event = worker.run(request);
      CHECK(event.status() == (request.ends_with("oops") ? 400 : 200));
      if (round == 2) CHECK(counter.count() == 0);
    }
  }
}
