#include "h3http/auth.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include "http/ascii_case.hpp"
#include "http/base64.hpp"
#include "http/control_bytes.hpp"
#include "http/status.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

void checkRealm(std::string_view function, bool hasVerify, std::string_view realm) {
  const auto allowed = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
  const std::string name(function);
  if (!hasVerify) throw std::invalid_argument(name + ": no function to verify with");
  if (!std::all_of(realm.begin(), realm.end(), allowed))
    throw std::invalid_argument(name + ": realm \"" + std::string(realm) +
                                "\", expected visible ASCII without \" and \\");
}

// The fields' credentials for a scheme, for one request.
struct Credentials {
  enum class Kind { none, otherScheme, several, found };

  Credentials(const Event& event, std::string_view scheme) {
    std::string_view field;
    for (const std::string_view value : event.headers("Authorization")) {
      if (kind != Kind::none) {
        kind = Kind::several;
        return;
      }
      kind = Kind::otherScheme;
      field = value;
    }
    if (field.size() <= scheme.size() || field.size() > kMaxCredentialsBytes || field[scheme.size()] != ' ' ||
        !equalsIgnoringCase(field.substr(0, scheme.size()), scheme))
      return;
    kind = Kind::found;
    text = protocol::trimBlanks(field.substr(scheme.size()));
  }

  Kind kind = Kind::none;
  std::string_view text;
};

// No exception: a flood of bad requests must stay cheap.
FastResult challenge(Event& event, int status, std::string_view text) {
  event.appendHeader("WWW-Authenticate", text);
  event.setStatus(status);
  event.sendView(reasonPhrase(status), "text/plain; charset=utf-8");
  return FastResult::stop;
}

bool verifyBasic(Event& event, const VerifyPassword& verify) {
  const Credentials credentials(event, "Basic");
  if (credentials.kind != Credentials::Kind::found) return false;
  const auto decoded = decodeBase64(Base64::standard, credentials.text, event.arena());
  if (!decoded) return false;
  const std::size_t colon = decoded->find(':');
  if (colon == std::string_view::npos || findControlByte(*decoded) != decoded->size()) return false;
  const std::string_view user = decoded->substr(0, colon);
  if (!verify(event, user, decoded->substr(colon + 1))) return false;
  event.setContext(kAuthUserKey, user);
  return true;
}

// RFC 6750 2.1: b64token.
bool isBearerToken(std::string_view text) {
  const auto tokenByte = [](char c) {
    return (c >= '0' && c <= '9') || (toLowerAscii(c) >= 'a' && toLowerAscii(c) <= 'z') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  };
  const std::size_t padding = std::min(text.find('='), text.size());
  return padding > 0 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(padding), tokenByte) &&
         text.find_first_not_of('=', padding) == std::string_view::npos;
}

// The challenges of one realm, made once.
struct BearerChallenges {
  explicit BearerChallenges(std::string_view realm)
      : missing(std::string("Bearer realm=\"").append(realm).append("\"")),
        invalidToken(missing + ", error=\"invalid_token\""),
        invalidRequest(missing + ", error=\"invalid_request\"") {}

  std::string missing;
  std::string invalidToken;
  std::string invalidRequest;
};

FastResult applyBearer(Event& event, const VerifyToken& verify, const BearerChallenges& challenges) {
  const Credentials credentials(event, "Bearer");
  switch (credentials.kind) {
    case Credentials::Kind::none:
    case Credentials::Kind::otherScheme:
      return challenge(event, 401, challenges.missing);
    case Credentials::Kind::several:
      return challenge(event, 400, challenges.invalidRequest);
    case Credentials::Kind::found:
      break;
  }
  if (!isBearerToken(credentials.text)) return challenge(event, 400, challenges.invalidRequest);
  return verify(event, credentials.text) ? FastResult::next : challenge(event, 401, challenges.invalidToken);
}

}  // namespace

FastMiddleware basicAuth(VerifyPassword verify, std::string_view realm) {
  checkRealm("basicAuth", static_cast<bool>(verify), realm);
  const auto text = std::make_shared<const std::string>(
      std::string("Basic realm=\"").append(realm).append("\", charset=\"UTF-8\""));
  return [verify = std::move(verify), text](Event& event) {
    return verifyBasic(event, verify) ? FastResult::next : challenge(event, 401, *text);
  };
}

FastMiddleware bearerAuth(VerifyToken verify, std::string_view realm) {
  checkRealm("bearerAuth", static_cast<bool>(verify), realm);
  return [verify = std::move(verify), challenges = std::make_shared<const BearerChallenges>(realm)](
             Event& event) { return applyBearer(event, verify, *challenges); };
}

}  // namespace h3
