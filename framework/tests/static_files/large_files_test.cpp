// static_files.cpp and file_body.cpp.
// Files that are sent as the client takes them.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/static_files.hpp"
#include "static_files/file_body.hpp"
#include "static_tree.hpp"

using namespace h3::test;

TEST_CASE("a file is served whole or in part, whatever its size") {
  const StaticTree tree;
  for (const std::size_t size : {65'535U, 65'536U, 65'537U, 131'072U, 131'073U, 20'000'000U}) {
    CAPTURE(size);
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>((i * 2654435761U) >> 13);
    tree.write("large.bin", content);
    h3::App app = siteOf(tree);
    ServedApp served(app);
    RawClient client(served.port());
    const RawResponse head = client.request(requestText("HEAD", "/large.bin"), true);
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == std::to_string(size));
    const struct {
      std::string range;
      int status;
      std::size_t first, bytes;
    } cases[] = {{"", 200, 0, size},
                 {"Range: bytes=0-\r\n", 206, 0, size},
                 {"Range: bytes=1-\r\n", 206, 1, size - 1},
                 {"Range: bytes=-65537\r\n", 206, size - std::min<std::size_t>(size, 65'537),
                  std::min<std::size_t>(size, 65'537)},
                 {"Range: bytes=65000-65534\r\n", 206, 65'000, 535}};
    for (const auto& asked : cases) {
      CAPTURE(asked.range);
      const RawResponse response = client.request(requestText("GET", "/large.bin", asked.range));
      CHECK(response.status == asked.status);
      CHECK((response.body == content.substr(asked.first, asked.bytes)));
    }
  }
}

TEST_CASE("beyond 4 GiB, sizes and positions are right") {
  const StaticTree tree;
  constexpr std::uint64_t kBytes = 5'000'000'000;
  tree.write("sparse.bin", "");
  std::filesystem::resize_file(tree.root() / "sparse.bin", kBytes);
  h3::App app = siteOf(tree);
  ServedApp served(app);
  CHECK(served.call("HEAD", "/sparse.bin").header("Content-Length") == "5000000000");
  const RawResponse end = served.get("/sparse.bin", "Range: bytes=4999900000-\r\n");
  CHECK(end.status == 206);
  CHECK(end.header("Content-Range") == "bytes 4999900000-4999999999/5000000000");
  CHECK((end.body == std::string(100'000, '\0')));
}

TEST_CASE("a large file holds one slice and one descriptor until its event ends") {
  const StaticTree tree;
  tree.write("large.bin", std::string(16 * 1024 * 1024, 'x'));
  h3::App app = siteOf(tree);
  LocalWorker worker(app);
  const std::size_t descriptors = openDescriptors();
  h3::Event& event = worker.run(requestText("GET", "/large.bin"));
  CHECK(event.responseBody().size() == h3::FileBody::kSliceBytes);
  CHECK(event.responseBytes() == 16 * 1024 * 1024);
  CHECK(openDescriptors() == descriptors + 1);
  CHECK(worker.services.memory.buffers().stats().inUseBytes == h3::FileBody::kSliceBytes);
  worker.release();
  CHECK(openDescriptors() == descriptors);
  CHECK(worker.services.memory.buffers().stats().inUse == 0);
}

TEST_CASE("another response in place of a large file releases it") {
  const StaticTree tree;
  tree.write("large.bin", std::string(200'000, 'x'));
  h3::App app;
  const h3::Handler files = h3::serveStatic({.root = tree.root()});
  app.get("/text/**:path", [files](h3::Event& event) {
    files(event);
    event.sendText("instead");
  });
  app.get("/nothing/**:path", [files](h3::Event& event) {
    files(event);
    event.sendNothing();
  });
  app.get("/status/**:path", [files](h3::Event& event) {
    files(event);
    event.setStatus(304);
  });
  const std::size_t descriptors = openDescriptors();
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/text/large.bin")).responseBytes() == 7);
  CHECK(openDescriptors() == descriptors);
  worker.release();
  ServedApp served(app);
  RawClient client(served.port());
  for (int i = 0; i < 2; ++i) {
    CHECK(client.request(requestText("GET", "/text/large.bin")).body == "instead");
    CHECK(client.request(requestText("GET", "/nothing/large.bin")).status == 204);
    CHECK(client.request(requestText("GET", "/status/large.bin")).status == 304);
  }
}

TEST_CASE(
    "a file that becomes shorter while it is sent: the connection is cut, and other clients are served") {
  const StaticTree tree;
  constexpr std::size_t kSize = 64 * 1024 * 1024;
  tree.write("large.bin", "");
  std::filesystem::resize_file(tree.root() / "large.bin", kSize);
  h3::App app = siteOf(tree);
  ServedApp served(app);
  RawClient client(served.port(), 16 * 1024);
  client.send(requestText("GET", "/large.bin"));
  char first = 0;
  REQUIRE(::recv(client.socket(), &first, 1, 0) == 1);
  std::filesystem::resize_file(tree.root() / "large.bin", 1'000'000);
  CHECK(client.receiveAll().size() < kSize);
  CHECK(served.get("/hello.txt").body == "hello world");
  CHECK(served.server().monitor().total(h3::Metric::bodiesCut) == 1);
}

TEST_CASE("a hundred clients that ask for a thousand ranges each get the file once") {
  constexpr std::size_t kClients = 100;
  const StaticTree tree;
  const std::string content(1024 * 1024, 'r');
  tree.write("large.bin", content);
  h3::App app = siteOf(tree);
  ServedApp served(app);
  std::string ranges = "Range: bytes=0-";
  for (int i = 1; i <= 1000; ++i) ranges += ",5-" + std::to_string(i);
  std::vector<std::unique_ptr<RawClient>> clients;
  while (clients.size() < kClients) {
    clients.push_back(std::make_unique<RawClient>(served.port(), 16 * 1024));
    clients.back()->send(requestText("GET", "/large.bin", ranges + "\r\n"));
  }
  CHECK(served.get("/hello.txt").body == "hello world");
  CHECK(served.server().monitor().total(h3::Metric::memoryInUseBytes) <
        2 * kClients * h3::FileBody::kSliceBytes);
  for (auto& client : clients) {
    const RawResponse response = client->receiveResponse();
    CHECK(response.status == 200);
    CHECK((response.body == content));
  }
  CHECK(served.get("/hello.txt").body == "hello world");
}

TEST_CASE("a hundred clients that do not read a large file hold a slice each") {
  constexpr std::size_t kClients = 100;
  const StaticTree tree;
  tree.write("large.bin", "");
  std::filesystem::resize_file(tree.root() / "large.bin", 16 * 1024 * 1024);
  h3::App app = siteOf(tree);
  ServedApp served(app);
  const h3::Monitor& monitor = served.server().monitor();
  std::vector<std::unique_ptr<RawClient>> clients;
  while (clients.size() < kClients) {
    clients.push_back(std::make_unique<RawClient>(served.port(), 16 * 1024));
    clients.back()->send(requestText("GET", "/large.bin"));
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (monitor.total(h3::Metric::heldBytes) < kClients * h3::FileBody::kSliceBytes &&
         std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(monitor.total(h3::Metric::heldBytes) >= kClients * h3::FileBody::kSliceBytes);
  CHECK(monitor.total(h3::Metric::memoryInUseBytes) < 2 * kClients * h3::FileBody::kSliceBytes);
  CHECK(served.get("/hello.txt").body == "hello world");
}
