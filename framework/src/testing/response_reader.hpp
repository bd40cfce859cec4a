// Reads responses from bytes, by Beast's parser: a second opinion on what our writer wrote.
#pragma once

#include <string_view>

#include "h3http/testing.hpp"

namespace h3::test {

/// The response at the start of `bytes`, its interim responses before it.
///
/// `toHead`: it has no body. `closed`: no more bytes will come, so a body without a length ends with them.
/// Errors: ClientError, which says what was found; bytes after the response are an error too.
Response readResponse(std::string_view bytes, bool toHead, bool closed);

}  // namespace h3::test
