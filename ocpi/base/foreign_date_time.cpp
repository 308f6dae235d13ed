#include "ocpi/base/foreign_date_time.hpp"

#include <string>

namespace ocpi {
namespace {

constexpr std::size_t place_of_t = 10;

}  // namespace

std::optional<foreign_date_time> parse_foreign_date_time(std::string_view text)
{
    foreign_date_time read;
    auto parsed = parse_date_time(text);
    if (!parsed) {
        if (text.size() <= place_of_t || text[place_of_t] != ' ') return {};
        std::string rewritten(text);
        rewritten[place_of_t] = 'T';
        parsed = parse_date_time(rewritten);
        if (!parsed) return {};
        read.is_foreign = true;
        read.conversion = "written with T for the blank";
    }
    read.parsed = *parsed;
    if (parsed->had_offset) read.conversion = "converted to UTC";
    return read;
}

}  // namespace ocpi
