// Writes a JsonField into an open object.
#pragma once

#include <cstdint>

#include "h3http/event.hpp"
#include "h3http/json_writer.hpp"

namespace h3 {

inline void writeField(JsonWriter& json, const JsonField& field) {
  json.key(field.name);
  switch (field.kind) {
    case JsonField::Kind::text:
      json.value(field.text);
      break;
    case JsonField::Kind::integer:
      json.value(field.integer);
      break;
    case JsonField::Kind::unsignedInteger:
      json.value(static_cast<std::uint64_t>(field.integer));
      break;
    case JsonField::Kind::number:
      json.value(field.number);
      break;
    case JsonField::Kind::boolean:
      json.value(field.integer != 0);
      break;
    case JsonField::Kind::null:
      json.value(nullptr);
      break;
  }
}

}  // namespace h3
