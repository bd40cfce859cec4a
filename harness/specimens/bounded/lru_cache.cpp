// A cache of 3,000 entries with least-recently-used replacement. Every path is new to it, so that it fills
// late in the run, and looks like a leak until then.
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "server/specimen_server.hpp"

namespace specimen {

/// Threads: one owner.
class Cache {
 public:
  explicit Cache(std::size_t entriesMax) : entriesMax_(entriesMax) {}

  void put(std::string key) {
    const auto found = places_.find(key);
    if (found != places_.end()) order_.erase(found->second);
    order_.push_front(key);
    places_[std::move(key)] = order_.begin();
    if (order_.size() <= entriesMax_) return;
    places_.erase(order_.back());
    order_.pop_back();
  }

 private:
  std::size_t entriesMax_;
  std::list<std::string> order_;
  std::unordered_map<std::string, std::list<std::string>::iterator> places_;
};

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [cache = std::make_shared<Cache>(3'000), number = 0UL](const Request& request) mutable {
      cache->put(std::string(request.path) + "?" + std::to_string(++number));
      return Response{};
    };
  });
}
