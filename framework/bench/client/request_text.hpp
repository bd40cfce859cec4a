// The bytes of a request, as the command line describes it.
#pragma once

#include <cstddef>
#include <string>

namespace bench {

struct RequestKind {
  std::string path = "/plaintext";
  unsigned headers = 1;       ///< field lines; Host is the first, ten are a browser's, more are made up
  std::size_t bodyBytes = 0;  ///< 0: GET, else POST
};

std::string requestText(const RequestKind& kind);

}  // namespace bench
