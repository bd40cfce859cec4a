// Whether a request means this machine.
#pragma once

#include <string_view>

namespace leakgate {

/// Whether `host`, of a request's target or Host field, is localhost, 127.0.0.1 or [::1], with any port or none. A page
/// elsewhere can let its own name resolve to 127.0.0.1 and then read what is served there (DNS rebinding): its browser
/// still sends that name.
bool isLocalHost(std::string_view host);

}  // namespace leakgate
