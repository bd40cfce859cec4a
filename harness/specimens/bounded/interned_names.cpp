// Each string is kept once, forever, out of a bounded set: 400 names, requested at random.
#include <memory>
#include <set>
#include <string>

#include "server/specimen_server.hpp"

namespace specimen {

/// Threads: one owner.
class Names {
 public:
  const std::string& intern(std::string_view name) { return *names_.emplace(name).first; }

 private:
  std::set<std::string> names_;
};

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [names = std::make_shared<Names>()](const Request& request) {
      return Response{200, names->intern(request.query)};
    };
  });
}
