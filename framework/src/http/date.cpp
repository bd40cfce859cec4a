#include "http/date.hpp"

#include <array>
#include <chrono>
#include <cstring>

namespace h3 {

namespace {

void putTwoDigits(char* out, unsigned value) noexcept {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
}

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Takes a date apart from the left; after the first thing that does not fit, nothing fits.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : rest_(text) {}

  void skip(std::string_view literal) {
    ok_ = ok_ && rest_.starts_with(literal);
    if (ok_) rest_.remove_prefix(literal.size());
  }

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char digit = take();
      ok_ = ok_ && digit >= '0' && digit <= '9';
      value = value * 10 + (digit - '0');
    }
    return ok_ ? value : 0;
  }

  // asctime pads the day with a blank.
  int paddedDay() {
    if (!rest_.starts_with(' ')) return number(2);
    skip(" ");
    return number(1);
  }

  int month() {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (!rest_.starts_with(kMonths[i])) continue;
      skip(kMonths[i]);
      return static_cast<int>(i);
    }
    ok_ = false;
    return 0;
  }

  void time(std::tm& date) {
    date.tm_hour = number(2);
    skip(":");
    date.tm_min = number(2);
    skip(":");
    date.tm_sec = number(2);
  }

  bool finished() const { return ok_ && rest_.empty(); }

 private:
  char take() {
    if (rest_.empty()) ok_ = false;
    if (!ok_) return '0';
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// IMF-fixdate and RFC 850 differ in what stands between the parts of the date, and in the year's form.
template <typename Year>
std::tm dayFirst(DateScanner& scan, std::string_view separator, Year tmYear) {
  std::tm date{};
  scan.skip(" ");
  date.tm_mday = scan.number(2);
  scan.skip(separator);
  date.tm_mon = scan.month();
  scan.skip(separator);
  date.tm_year = tmYear();
  scan.skip(" ");
  scan.time(date);
  scan.skip(" GMT");
  return date;
}

std::tm imfFixdate(DateScanner& scan) {
  return dayFirst(scan, " ", [&] { return scan.number(4) - 1900; });
}

int fullYear(int twoDigits) {
  const std::time_t now = std::time(nullptr);
  std::tm today{};
  ::gmtime_r(&now, &today);
  const int year = (today.tm_year / 100 * 100) + twoDigits;
  return year > today.tm_year + 50 ? year - 100 : year;
}

std::tm rfc850(DateScanner& scan) {
  return dayFirst(scan, "-", [&] { return fullYear(scan.number(2)); });
}

std::tm asctimeForm(DateScanner& scan) {
  std::tm date{};
  scan.skip(" ");
  date.tm_mon = scan.month();
  scan.skip(" ");
  date.tm_mday = scan.paddedDay();
  scan.skip(" ");
  scan.time(date);
  scan.skip(" ");
  date.tm_year = scan.number(4) - 1900;
  return date;
}

// timegm() would turn the 31st of February into the 3rd of March.
bool isCalendarDate(const std::tm& date, std::time_t seconds) {
  std::tm again{};
  ::gmtime_r(&seconds, &again);
  const int second = date.tm_sec == 60 ? 59 : date.tm_sec;  // leap seconds are in the grammar
  return again.tm_mday == date.tm_mday && again.tm_mon == date.tm_mon && again.tm_hour == date.tm_hour &&
         again.tm_min == date.tm_min && again.tm_sec == second;
}

}  // namespace

// The calendar of <chrono>: gmtime_r takes a lock and may read the time zone files.
void formatHttpDate(std::time_t seconds, char* out) noexcept {
  using namespace std::chrono;
  const sys_seconds instant{std::chrono::seconds{seconds}};
  const sys_days day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{instant - day};
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));

  std::memcpy(out, "Sun, 06 Nov 1994 08:49:37 GMT", kHttpDateBytes);
  std::memcpy(out, &"SunMonTueWedThuFriSat"[3 * weekday{day}.c_encoding()], 3);
  putTwoDigits(out + 5, static_cast<unsigned>(date.day()));
  std::memcpy(out + 8, kMonths[static_cast<unsigned>(date.month()) - 1].data(), 3);
  putTwoDigits(out + 12, year / 100);
  putTwoDigits(out + 14, year % 100);
  putTwoDigits(out + 17, static_cast<unsigned>(time.hours().count()));
  putTwoDigits(out + 20, static_cast<unsigned>(time.minutes().count()));
  putTwoDigits(out + 23, static_cast<unsigned>(time.seconds().count()));
}

std::optional<std::time_t> parseHttpDate(std::string_view text) {
  const std::size_t nameEnd = text.find_first_of(", ");
  if (nameEnd == std::string_view::npos || nameEnd < 3) return std::nullopt;
  DateScanner scan(text.substr(text[nameEnd] == ',' ? nameEnd + 1 : nameEnd));
  const bool isAsctime = text[nameEnd] == ' ';
  const std::tm date = isAsctime ? asctimeForm(scan) : nameEnd == 3 ? imfFixdate(scan) : rfc850(scan);
  if (!scan.finished()) return std::nullopt;
  std::tm whole = date;
  if (whole.tm_sec == 60) whole.tm_sec = 59;
  const std::time_t seconds = ::timegm(&whole);
  if (!isCalendarDate(date, seconds)) return std::nullopt;
  return seconds;
}

}  // namespace h3
