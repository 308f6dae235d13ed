#include "ocpi/base/decimal.hpp"
#include "ocpi/base/foreign_date_time.hpp"
#include "tests/fuzz/expect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

using namespace ocpi;
using fuzz::expect;

namespace {

void read_date_time(std::string_view text)
{
    const auto foreign = parse_foreign_date_time(text);
    const auto strict = parse_date_time(text);
    expect(!strict || (foreign && foreign->parsed.value == strict->value),
           "OCPI's form is among the foreign ones");
    if (!foreign) return;
    const auto parsed = std::optional(foreign->parsed);
    const auto again = parse_date_time(normalized(*parsed));
    expect(again && again->value == parsed->value, "the normal form is the same instant");
    expect(normalized(*again) == normalized(*parsed), "the normal form is normal");
    expect(!again->had_offset, "the normal form is in UTC");
    const auto written = parse_date_time(to_string(parsed->value));
    expect(written && written->value == parsed->value, "what is written can be read");
}

void read_decimal(std::string_view text)
{
    const auto parsed = decimal::parse(text);
    // Beyond this, exponents are all held to be equally large.
    const auto exponent = text.substr(std::min(text.find_first_of("eE"), text.size()));
    if (!parsed || exponent.size() > 15) return;
    const auto again = decimal::parse(parsed->canonical());
    expect(again && *again == *parsed, "the canonical text is the same value");
    expect((*again <=> *parsed) == 0, "equal values are not ordered");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    read_date_time(text);
    read_decimal(text);
    return 0;
}
