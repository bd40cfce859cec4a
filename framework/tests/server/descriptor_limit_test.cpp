#include "server/descriptor_limit.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

using h3::server::raiseDescriptorLimit;

namespace {

// The process's soft limit, restored at the end.
class SoftLimit {
 public:
  SoftLimit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~SoftLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  SoftLimit(const SoftLimit&) = delete;
  SoftLimit& operator=(const SoftLimit&) = delete;

  static rlim_t now() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }
  void set(rlim_t soft) const {
    const rlimit limit{soft, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  }
  rlim_t hard() const { return before_.rlim_max; }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("the limit of descriptors is raised to what is needed, never lowered, never beyond the hard one") {
  const SoftLimit soft;
  REQUIRE(soft.hard() > 200);
  soft.set(100);
  CHECK(raiseDescriptorLimit(100) == 100);
  CHECK(raiseDescriptorLimit(150) == 150);
  CHECK(SoftLimit::now() == 150);
  CHECK(raiseDescriptorLimit(120) == 150);
  CHECK(SoftLimit::now() == 150);
  if (soft.hard() == RLIM_INFINITY) return;
  CHECK(raiseDescriptorLimit(soft.hard() + 1) == soft.hard());
  CHECK(SoftLimit::now() == soft.hard());
}
