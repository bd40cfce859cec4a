// Whole bodies to brotli (RFC 7932), by libbrotli.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "compression/block_cache.hpp"

namespace h3::compression {

/// Returns the bytes written, 0 when `out` is too small, or memory is short. `quality`: 2 to 9. A context cannot be used
/// twice, but its memory can: it comes from `memory`, where all of it is afterwards.
std::size_t encodeBrotli(std::string_view text, std::span<char> out, int quality, BlockCache& memory);

}  // namespace h3::compression
