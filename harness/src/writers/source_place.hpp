// Where a CI server shows a reason: a file of the checkout.
#pragma once

#include <string>
#include <string_view>

#include "writers/ranked_reasons.hpp"

namespace leakgate {

struct SourcePlace {
  std::string path;  ///< as it stands in the report: relative to the checkout, or absolute
  unsigned line = 1;
};

/// The line to blame; without one the scenario's file, since readers leave out what is nowhere.
SourcePlace sourcePlaceOf(const RankedReason& reason);

/// A relative reference, or a "file:" URI for an absolute path; all but unreserved characters and "/" as %XX. Source:
/// RFC 3986 2.3, RFC 8089.
std::string uriOf(std::string_view path);

}  // namespace leakgate
