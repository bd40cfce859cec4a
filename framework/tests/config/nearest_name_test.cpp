#include "config/nearest_name.hpp"

#include <doctest/doctest.h>

using h3::nearestName;

TEST_CASE("the name that was probably meant") {
  const std::vector<std::string> names = {"port", "address", "limits.bodyBytes", "limits.headerBytes",
                                          "timeouts.idleMs"};
  CHECK(nearestName("prot", names) == "port");
  CHECK(nearestName("tropo", names) == "");
  CHECK(nearestName("pot", names) == "port");
  CHECK(nearestName("Adress", names) == "address");
  CHECK(nearestName("limits.body_bytes", names) == "limits.bodyBytes");
  CHECK(nearestName("limits.body-bytes", names) == "limits.bodyBytes");
  CHECK(nearestName("LIMITS_BODYBYTES", names) == "limits.bodyBytes");
  CHECK(nearestName("bodyBytes", names) == "");
  CHECK(nearestName("entirely.different", names) == "");
  CHECK(nearestName("", names) == "");
  CHECK(nearestName("port", {}) == "");
  CHECK(nearestName(std::string(1'000'000, 'p'), names) == "");  // bounded
}
