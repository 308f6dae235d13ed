#include "server/date_field.hpp"

#include "http/http_date.hpp"

#include <chrono>

namespace ocpi::server {

const std::string& date_field::at(date_time now)
{
    const auto second = now.milliseconds() / 1000;
    if (second_ != second) {
        text_ = http::write_http_date(now);
        second_ = second;
    }
    return text_;
}

const std::string& date_field_now()
{
    thread_local date_field field;
    return field.at(
        date_time(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())));
}

}  // namespace ocpi::server
