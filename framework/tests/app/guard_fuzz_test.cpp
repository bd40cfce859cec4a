// chain.cpp, canonical_path.cpp, router.cpp and static_path.cpp.
// Random guards, handlers and spellings of paths: what a guard denies, no handler below it serves.
//
// H3_FUZZ_PATHS=N tries N paths instead of kPaths, H3_FUZZ_SEED=N repeats a run.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/static_files.hpp"
#include "path_readings.hpp"

using h3::App;
using h3::Event;
using h3::FastResult;
using namespace h3::test;

namespace {

constexpr std::uint64_t kPaths = 150'000;
constexpr std::uint64_t kPathsPerApp = 200;

const Names kNames = {"a",   "b",    "team+a", "caf\xc3\xa9", "s.txt", "~u;v=1",
                      "a b", "100%", "[k]|",   "%2e%2e",      "A"};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const text = ::getenv(name);
  return text == nullptr ? otherwise : ::strtoull(text, nullptr, 10);
}

/// A directory with a file "s.txt" below each of kNames and each pair of them. Each has a size of its own, so that an
/// entity tag names it.
class NamedTree {
 public:
  NamedTree() {
    std::string name = (std::filesystem::temp_directory_path() / "h3-guards-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    root_ = name;
    for (const std::string& first : kNames) {
      if (first == "s.txt") continue;
      write(first + "/s.txt");
      for (const std::string& second : kNames)
        if (second != "s.txt") write(first + "/" + second + "/s.txt");
    }
  }
  ~NamedTree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  NamedTree(const NamedTree&) = delete;
  NamedTree& operator=(const NamedTree&) = delete;
  std::string root() const { return root_; }
  /// The path of the file that has this entity tag.
  const std::string& fileOf(std::string_view tag) const {
    return paths_.at(static_cast<std::size_t>(std::stoul(std::string(tag.substr(1)), nullptr, 16)) - 1);
  }

 private:
  void write(const std::string& path) {
    paths_.push_back(path);
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << std::string(paths_.size(), 'x');
  }

  std::filesystem::path root_;
  Names paths_;  ///< by size - 1
};

class Fuzz {
 public:
  explicit Fuzz(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool oneIn(std::uint64_t n) { return below(n) == 0; }
  template <class List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }

  Names names(std::size_t least, std::size_t most) {
    Names result;
    for (std::size_t count = least + below(most - least + 1); result.size() < count;)
      result.push_back(pick(kNames));
    return result;
  }

  /// Some request target that means these names, or nearly so.
  std::string spelling(const Names& names) {
    static const std::string kSlashes[] = {"/",      "/",        "/",    "/",       "/",
                                           "//",     "%2f",      "%2F",  "/./",     "/%2e/",
                                           "/x/../", "/x/%2E./", "%2F/", "%2f.%2f", "/%2e%2e/"};
    static const std::string kEnds[] = {"/",     "%2F", "%00",       "%00x", "/.", "/..",
                                        "%2f..", ";x",  "/%2e%2e/a", "%5c",  "//"};
    std::string path;
    const bool odd = !oneIn(3);
    for (const std::string& name : names) {
      path += odd ? pick(kSlashes) : "/";
      for (const char c : name) path += spelled(c, odd);
    }
    if (names.empty() || !path.starts_with('/')) path.insert(0, "/");
    if (oneIn(6)) path += pick(kEnds);
    if (path.size() > 1 && oneIn(40)) path[below(path.size() - 1) + 1] = static_cast<char>('!' + below(90));
    if (oneIn(20)) path += "?a=/../b";
    if (oneIn(20)) path.insert(0, "http://test");
    return path;
  }

 private:
  std::string spelled(char c, bool odd) {
    const bool raw = isPlain(c) || c == '[' || c == ']' || c == '|';
    if (!odd || !raw || oneIn(4)) {
      if (odd && oneIn(30)) return "%25" + escaped(c, "0123456789abcdef").substr(1);
      if (!raw || odd) return escaped(c, oneIn(2) ? "0123456789abcdef" : "0123456789ABCDEF");
    }
    return {c};
  }

  std::mt19937_64 random_;
};

/// What a handler has served: the names it decoded, each value of a ":x" whole, and all of them as text.
struct Served {
  Names segments;
  std::string text;
};

/// A random App with one guard, and what its handlers serve.
class GuardedApp {
 public:
  GuardedApp(Fuzz& fuzz, const NamedTree& tree) : tree_(tree), guard_(fuzz.names(1, 2)) {
    addGuard(fuzz);
    addHandlers(fuzz);
    worker_.emplace(app_);
  }

  /// The status, or 400 when the bytes are no request.
  int ask(const std::string& target, std::string_view method) {
    served_.reset();
    try {
      Event& event = worker_->run(requestText(method, target));
      if (const auto tag = event.responseHeader("ETag"))
        serve(Names(staticPrefix_), tree_.fileOf(*tag), true);
      return event.status();
    } catch (const std::invalid_argument&) {
      worker_.emplace(app_);  // its reader has refused
      return 400;
    }
  }

  const std::optional<Served>& served() const { return served_; }
  const Names& guard() const { return guard_; }
  bool guardIsRoute() const { return guardIsRoute_; }

 private:
  static FastResult deny(Event& event) {
    event.setStatus(403).sendText("denied");
    return FastResult::stop;
  }

  void addGuard(Fuzz& fuzz) {
    const std::vector<h3::Method> methods =
        fuzz.oneIn(2) ? std::vector<h3::Method>{} : std::vector{h3::Method::get};
    switch (fuzz.below(4)) {
      case 0: {  // below a mount point
        App inner;
        const std::size_t own = fuzz.below(guard_.size() + 1);
        const auto split = guard_.begin() + static_cast<std::ptrdiff_t>(own);
        inner.useFast({encoded(Names(split, guard_.end())), methods}, deny);
        app_.mount(encoded(Names(guard_.begin(), split)), std::move(inner));
        break;
      }
      case 1:  // a route with more literals than those that serve
        guardIsRoute_ = true;
        app_.get(encoded(guard_) + "/**", [](Event& event) { (void)deny(event); });
        break;
      default:
        app_.useFast({encoded(guard_), methods}, deny);
    }
  }

  void addHandlers(Fuzz& fuzz) {
    const Names first = fuzz.oneIn(2) ? Names{guard_.front()} : fuzz.names(1, 1);
    const bool taken = guardIsRoute_ && first == guard_;
    if (fuzz.oneIn(2)) {
      staticPrefix_ = taken || fuzz.oneIn(2) ? Names{} : first;
      app_.get(encoded(staticPrefix_) + "/**:path", h3::serveStatic({.root = tree_.root()}));
    } else {
      app_.get("/**:rest", [this](Event& event) { serveParam(event, {}, "rest", true); });
    }
    if (fuzz.oneIn(2)) app_.get("/:x", [this](Event& event) { serveParam(event, {}, "x", false); });
    if (fuzz.oneIn(2) && first != staticPrefix_ && !taken)
      app_.get(encoded(first) + "/:y", [this, first](Event& event) { serveParam(event, first, "y", false); });
    if (fuzz.oneIn(3) && first != staticPrefix_ && !taken)
      app_.get(encoded(first) + "/**:z",
               [this, first](Event& event) { serveParam(event, first, "z", true); });
  }

  void serveParam(Event& event, Names names, std::string_view param, bool rest) {
    serve(std::move(names), std::string(event.getParam(param).value()), rest);
    event.sendText("served");
  }

  void serve(Names names, const std::string& value, bool rest) {
    Served served;
    for (const std::string& name : names) served.text += "/" + name;
    served.text += "/" + value;
    served.segments = std::move(names);
    if (!rest) served.segments.push_back(value);
    for (std::size_t begin = 0; rest && begin <= value.size();) {
      const std::size_t end = std::min(value.find('/', begin), value.size());
      served.segments.push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
    served_ = std::move(served);
  }

  const NamedTree& tree_;
  Names guard_;
  bool guardIsRoute_ = false;
  Names staticPrefix_;
  App app_;
  std::optional<LocalWorker> worker_;
  std::optional<Served> served_;
};

// Whether what was served is what the guard denies. A route guards the paths that it matches, a prefix whatever
// they can be read as.
bool passedGuard(const GuardedApp& app) {
  const Served& served = *app.served();
  if (isBelow(served.segments, app.guard())) return true;
  return !app.guardIsRoute() &&
         (isBelow(resolved(served.text), app.guard()) || isBelow(unresolved(served.text), app.guard()));
}

}  // namespace

TEST_CASE("no spelling of a path passes a guard") {
  const std::uint64_t seed = setting("H3_FUZZ_SEED", std::random_device{}());
  const std::uint64_t paths = setting("H3_FUZZ_PATHS", kPaths);
  const NamedTree tree;
  Fuzz fuzz(seed);
  std::uint64_t tried = 0, denied = 0, served = 0, refused = 0;
  while (tried < paths) {
    GuardedApp app(fuzz, tree);
    for (std::uint64_t i = 0; i < kPathsPerApp; ++i, ++tried) {
      Names names = fuzz.oneIn(3) ? Names{} : app.guard();
      for (const std::string& name : fuzz.names(0, 2)) names.push_back(name);
      if (fuzz.oneIn(3)) names.emplace_back("s.txt");
      const std::string target = fuzz.spelling(names);
      const int status = app.ask(target, fuzz.oneIn(4) ? "HEAD" : "GET");  // a guard of GET is one of HEAD
      denied += status == 403;
      refused += status == 400;
      served += app.served().has_value();
      const bool passed = app.served() && passedGuard(app);
      const bool mistaken = status == 403 && !mayBeDenied(target, app.guard());
      if (passed || mistaken)
        FAIL("seed " << seed << ", guard " << std::string(app.guardIsRoute() ? "route " : "prefix ")
                     << encoded(app.guard()) << ", " << target << ": "
                     << (passed ? "served " + app.served()->text : "denied"));
    }
  }
  MESSAGE("seed " << seed << ": " << tried << " paths, " << denied << " denied, " << served << " served, "
                  << refused << " refused");
  CHECK(denied > tried / 20);
  CHECK(served > tried / 20);
}
