// HttpError: the exception that a handler throws to answer with a status.
#pragma once

#include <stdexcept>
#include <string>

namespace h3 {

/// Thrown by a handler or middleware: the answer gets this status, and `message` as its text.
///
/// `status` 400 to 599; another number is taken for 500. Any other exception is answered with a 500 whose
/// details stay in the log.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, const std::string& message);
  explicit HttpError(int status);  ///< with the status's reason phrase as text

  int status() const noexcept { return status_; }

 private:
  int status_;
};

}  // namespace h3
