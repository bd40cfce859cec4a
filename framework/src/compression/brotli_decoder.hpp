// Whole bodies from brotli (RFC 7932), by libbrotli.
#pragma once

#include <string_view>

#include "compression/block_cache.hpp"
#include "compression/decoded_body.hpp"

namespace h3::compression {

/// One stream, and nothing behind it. The decoder's memory comes from `memory`, where all of it is afterwards.
DecodeOutcome decodeBrotli(std::string_view coded, DecodedBody& body, BlockCache& memory);

}  // namespace h3::compression
