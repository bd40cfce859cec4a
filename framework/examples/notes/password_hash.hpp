// Passwords as a database keeps them: salted, and slow to try.
#pragma once

#include <string>
#include <string_view>

namespace notes {

/// Salt and scrypt of a password (RFC 7914, N = 2^15, r = 8, p = 1: some 60 ms and 32 MiB), as text. Call it off the
/// loop. Errors: std::runtime_error when OpenSSL fails.
std::string hashPassword(std::string_view password);

/// Whether hashPassword() made `hash` of this password. As slow, also for a hash that is empty, so that the time does not
/// tell whether a user exists.
bool isPassword(std::string_view password, std::string_view hash);

}  // namespace notes
