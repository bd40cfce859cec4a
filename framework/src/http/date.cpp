#include "http/date.hpp"

#include <chrono>
#include <cstring>

namespace h3 {

namespace {

void putTwoDigits(char* out, unsigned value) noexcept {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
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
  std::memcpy(out + 8, &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * (static_cast<unsigned>(date.month()) - 1)],
              3);
  putTwoDigits(out + 12, year / 100);
  putTwoDigits(out + 14, year % 100);
  putTwoDigits(out + 17, static_cast<unsigned>(time.hours().count()));
  putTwoDigits(out + 20, static_cast<unsigned>(time.minutes().count()));
  putTwoDigits(out + 23, static_cast<unsigned>(time.seconds().count()));
}

}  // namespace h3
