// What a server in production has around its routes: configuration from outside, an access log, health endpoints, work off the
// loop, tasks at intervals, and an orderly end.
//
//     h3-service --port 8081 --journal /tmp/visits.txt --log /tmp/access.log
//     H3_THREADS=2 h3-service --print-config
//     curl http://127.0.0.1:8081/visit/anna; curl http://127.0.0.1:8081/readyz
#include <chrono>
#include <cstdio>
#include <fstream>
#include <h3http/blocking.hpp>
#include <h3http/h3.hpp>
#include <h3http/load_config.hpp>
#include <mutex>
#include <stdexcept>
#include <string>

namespace {

using h3::Event;

// A file of names: to write to it may take long, so handlers do that on the pool.
class Journal {
 public:
  void open(const std::string& path) {
    file_.open(path, std::ios::app);
    if (!file_) throw std::runtime_error("--journal: cannot write to \"" + path + '"');
  }
  void close() { file_.close(); }
  unsigned add(const std::string& name) {
    const std::lock_guard lock(mutex_);
    file_ << name << '\n' << std::flush;
    return ++count_;
  }
  unsigned count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::ofstream file_;
  unsigned count_ = 0;
};

void addRoutes(h3::App& app, Journal& journal) {
  app.get("/visit/:name", [&journal](Event& event) -> boost::asio::awaitable<std::string> {
    const std::string name(*event.getParam("name"));
    const unsigned number = co_await h3::blocking(event, [&] { return journal.add(name); });
    co_return "visit " + std::to_string(number) + " by " + name;
  });
  h3::healthEndpoints(app);
  h3::exposeMetrics(app);
}

}  // namespace

int main(int argc, char** argv) {
  std::string path = "/dev/null";
  std::string log;
  h3::LoadOptions options;
  options.own = {{"journal", "where visits are written", &path},
                 {"log", "access log as JSON lines; \"\": none", &log}};
  try {
    const h3::Config config = h3::loadConfig(argc, argv, options);
    Journal journal;
    h3::App app;
    app.useFast(h3::requestId());
    if (!log.empty()) h3::logger(app, {.format = h3::LogFormat::json, .file = log});
    addRoutes(app, journal);
    app.onStart([&] { journal.open(path); });
    app.onStop([&] { journal.close(); });
    app.every(std::chrono::minutes(1), [&] { std::fprintf(stderr, "%u visits so far\n", journal.count()); });
    return h3::run(app, config);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "h3-service: %s\n", error.what());
    return 2;
  }
}
