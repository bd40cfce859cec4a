// HTTP authentication: Basic (RFC 7617) and Bearer (RFC 6750).
//
// In the library h3http::security, which needs OpenSSL 3.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "h3http/middleware.hpp"

namespace h3 {

/// Returns whether a name and a password belong together. Compare secrets with equalSecrets(), or let basicUsers() do it.
using VerifyPassword = std::function<bool(Event&, std::string_view user, std::string_view password)>;
/// Returns whether a token is valid. May keep what it says with setContext().
using VerifyToken = std::function<bool(Event&, std::string_view token)>;

/// Context key under which basicAuth() keeps the user's name.
inline constexpr std::string_view kAuthUserKey = "auth_user";

/// Longest credentials that are looked at, in bytes of the field; longer ones are wrong.
inline constexpr std::size_t kMaxCredentialsBytes = 8192;

/// Asks for a name and a password. Without good ones: 401 with `WWW-Authenticate: Basic`.
///
/// The password comes with every request, readable: over TLS only. Names and passwords are UTF-8 without control bytes.
/// More than one Authorization field is refused. Allocates: nothing on the heap, but for what `verify` does. Errors:
/// std::invalid_argument for an empty `verify` or a realm with other bytes than visible ASCII and blanks.
FastMiddleware basicAuth(VerifyPassword verify, std::string_view realm = "restricted");

/// Asks for a token. Without one: 401 with `WWW-Authenticate: Bearer`; with one that is not valid the same with
/// `error="invalid_token"`; with something else than one token 400 with `error="invalid_request"`.
///
/// Else as basicAuth(). Source: RFC 6750 2.1 and 3; a token in a body or a query is not read.
FastMiddleware bearerAuth(VerifyToken verify, std::string_view realm = "restricted");

/// For basicAuth(): these users. Keeps only keyed hashes of names and passwords. Takes the same time for each name and
/// password of a length, whether the name exists or not. For a few users of tools and tests; people's passwords belong into a
/// database, hashed by a slow function. Errors: std::invalid_argument for no users, or an empty name or password.
VerifyPassword basicUsers(const std::vector<std::pair<std::string, std::string>>& users);

/// For bearerAuth(): these tokens; else as basicUsers(). Each has at least 16 bytes.
VerifyToken bearerTokens(const std::vector<std::string>& tokens);

/// Whether two secrets are the same. The time that it takes says nothing about where they differ, nor about `expected`.
bool equalSecrets(std::string_view given, std::string_view expected);

}  // namespace h3
