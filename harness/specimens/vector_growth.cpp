// Still reachable, so LeakSanitizer says nothing: every request appends a line to a journal that is never
// cut. The clean twin keeps the last lines only.
#include <memory>
#include <vector>

#include "event/string_map.hpp"
#include "health.hpp"
#include "server/specimen_server.hpp"

namespace specimen {

/// Threads: one owner.
class Journal {
 public:
  /// Never inlined: reports are held against this name.
  [[gnu::noinline]] void append(std::string_view line) {
    std::unique_ptr<char[]> copy(copyTo(new char[line.size()], line).data);
    if (kSick || lines_.size() < kLinesMax) {
      lines_.push_back(std::move(copy));
    } else {
      lines_[next_++ % kLinesMax] = std::move(copy);
    }
  }

 private:
  static constexpr std::size_t kLinesMax = 128;
  std::vector<std::unique_ptr<char[]>> lines_;
  [[maybe_unused]] std::size_t next_ = 0;
};

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [journal = std::make_shared<Journal>()](const Request& request) {
      journal->append(request.path);
      return Response{};
    };
  });
}
