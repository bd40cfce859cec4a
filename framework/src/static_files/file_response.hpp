// An opened file as a response: whole, or the parts that the client requests.
#pragma once

#include <string_view>

#include "h3http/event.hpp"
#include "static_files/beneath_root.hpp"
#include "static_files/file_version.hpp"

namespace h3 {

/// Sends 200, 206 or 416, with Accept-Ranges and Content-Range. Several parts come as multipart/byteranges, unless the whole
/// file is not longer than that. Errors: std::exception when the file cannot be read.
void sendFile(Event& event, OpenedFile file, const FileVersion& version, std::string_view contentType);

}  // namespace h3
