// Sessions in a std::map, keyed by a number that never comes again: the container allocates, the server
// leaks.
#include <map>
#include <memory>

#include "server/specimen_server.hpp"

namespace specimen {

/// Threads: one owner.
class Sessions {
 public:
  /// Never inlined: reports are held against this name.
  [[gnu::noinline]] void start(std::size_t pathBytes) { byNumber_[++newest_] = pathBytes; }

 private:
  std::map<unsigned long, std::size_t> byNumber_;
  unsigned long newest_ = 0;
};

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [sessions = std::make_shared<Sessions>()](const Request& request) {
      sessions->start(request.path.size());
      return Response{};
    };
  });
}
