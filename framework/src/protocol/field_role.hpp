// Which fields of a response are more than a name and a value.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/ascii_case.hpp"

namespace h3::protocol {

enum class FieldRole : std::uint8_t {
  plain,
  contentType,  ///< one, set by each send function
  connection,   ///< Connection: the session decides, a handler may only ask for `close`
  uri,          ///< Location, Content-Location: a URI reference
  link,         ///< Link: URI references in angle brackets
  serverName,   ///< Server: Config::serverName, if there is one
  owned         ///< Content-Length, Transfer-Encoding, Date: written for each response
};

/// The role of a field of this name, in any case. One comparison for most names: that of the length.
inline FieldRole fieldRole(std::string_view name) noexcept {
  const auto is = [name](std::string_view text) { return equalsIgnoringCase(name, text); };
  switch (name.size()) {
    case 4:
      if (is("link")) return FieldRole::link;
      return is("date") ? FieldRole::owned : FieldRole::plain;
    case 6:
      return is("server") ? FieldRole::serverName : FieldRole::plain;
    case 8:
      return is("location") ? FieldRole::uri : FieldRole::plain;
    case 10:
      return is("connection") ? FieldRole::connection : FieldRole::plain;
    case 12:
      return is("content-type") ? FieldRole::contentType : FieldRole::plain;
    case 14:
      return is("content-length") ? FieldRole::owned : FieldRole::plain;
    case 16:
      return is("content-location") ? FieldRole::uri : FieldRole::plain;
    case 17:
      return is("transfer-encoding") ? FieldRole::owned : FieldRole::plain;
    default:
      return FieldRole::plain;
  }
}

}  // namespace h3::protocol
