// An H3 application with its own leak: names of visitors are kept and never removed. The clean twin keeps the
// newest ones.
#include <cstdlib>
#include <cstring>
#include <h3http/h3.hpp>
#include <memory>
#include <vector>

#include "health.hpp"

namespace specimen {

/// Threads: one owner.
class Visitors {
 public:
  Visitors() { names_.reserve(kNamesMax); }

  /// Never inlined: reports are held against this name.
  [[gnu::noinline]] void greet(std::string_view name) {
    auto copy = std::make_unique_for_overwrite<char[]>(name.size());
    name.copy(copy.get(), name.size());
    auto& place = names_.size() < kNamesMax ? names_.emplace_back() : names_[next_++ % kNamesMax];
    if (kSick) (void)place.release();
    place = std::move(copy);
  }

 private:
  static constexpr std::size_t kNamesMax = 64;
  std::vector<std::unique_ptr<char[]>> names_;
  std::size_t next_ = 0;
};

}  // namespace specimen

int main(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], "--port") != 0) return 2;
  h3::Config config = h3::Config::production();
  config.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  config.threads = 1;
  h3::App app;
  specimen::Visitors visitors;
  app.get("/health", [](h3::Event&) { return "ok"; });
  app.get("/**", [&visitors](h3::Event& event) {
    visitors.greet(event.path());
    event.sendText("ok\n");
  });
  return h3::serve(app, config);
}
