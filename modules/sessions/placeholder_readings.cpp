#include "modules/sessions/placeholder_readings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

constexpr std::int64_t milliseconds_per_hour = 3'600'000;
constexpr std::int64_t granted_milliseconds = 1000;

decimal as_decimal(std::int64_t number)
{
    return *decimal::parse(std::to_string(number));
}

double power_of_ten(std::int64_t exponent)
{
    constexpr std::array<double, 20> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                            1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
                                            1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    const auto index = static_cast<std::size_t>(std::abs(exponent));
    if (index >= powers.size()) return std::pow(10.0, static_cast<double>(exponent));
    return exponent < 0 ? 1 / powers[index] : powers[index];
}

/// About the number, to some 15 digits.
double approximate(const decimal& number)
{
    constexpr std::size_t max_digits = 17;
    const auto digits = number.digits().substr(0, max_digits);
    std::int64_t leading = 0;
    for (const char digit : digits) leading = leading * 10 + (digit - '0');
    const auto cut = static_cast<std::int64_t>(number.digits().size() - digits.size());
    const auto size = static_cast<double>(leading) * power_of_ten(number.exponent() + cut);
    return number.is_negative() ? -size : size;
}

/// True when the step is far below the limit, which saves exact reckoning.
bool is_surely_within(const decimal& max_kw, const meter_reading& from, const meter_reading& to,
                      std::int64_t milliseconds)
{
    const auto start = approximate(from.value);
    const auto end = approximate(to.value);
    const auto doubt = 1e-12 * (std::abs(start) + std::abs(end));
    const auto limit = approximate(max_kw) * static_cast<double>(milliseconds) /
                       static_cast<double>(milliseconds_per_hour);
    return end - start + doubt < 0.99 * limit;
}

/// True when the next reading goes on from the one before the outlier.
bool is_taken_back(const decimal& max_kw, const meter_reading& before, const meter_reading& outlier,
                   const meter_reading& next)
{
    return next.value < outlier.value && next.value >= before.value &&
           !is_beyond(max_kw, before, next);
}

}  // namespace

const decimal& max_power_of_any_evse()
{
    static const decimal max_kw = *decimal::parse("1000");
    return max_kw;
}

bool is_beyond(const decimal& max_kw, const meter_reading& from, const meter_reading& to)
{
    if (to.value <= from.value) return false;
    const auto time = to.at.milliseconds() - from.at.milliseconds() + granted_milliseconds;
    if (is_surely_within(max_kw, from, to, time)) return false;
    static const decimal per_hour = as_decimal(milliseconds_per_hour);
    return (to.value - from.value) * per_hour > max_kw * as_decimal(time);
}

void drop_placeholders(std::vector<meter_reading>& registers, const decimal& max_kw,
                       std::vector<std::string>& notes)
{
    const auto steps_beyond = [&](const meter_reading& from, const meter_reading& to) {
        return is_beyond(max_kw, from, to);
    };
    const auto first = std::adjacent_find(registers.begin(), registers.end(), steps_beyond);
    if (first == registers.end()) return;
    std::vector<meter_reading> kept;
    kept.reserve(registers.size());
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < registers.size(); ++i) {
        const auto& reading = registers[i];
        bool is_odd = false;
        while (!is_odd && !kept.empty() && is_beyond(max_kw, kept.back(), reading)) {
            const bool has_next = i + 1 < registers.size();
            is_odd = has_next && is_taken_back(max_kw, kept.back(), reading, registers[i + 1]);
            if (!is_odd) kept.pop_back();
            ++dropped;
        }
        if (!is_odd) kept.push_back(reading);
    }
    if (dropped == 0) return;
    registers = std::move(kept);
    notes.push_back("meter_value: left out " + std::to_string(dropped) +
                    (dropped == 1 ? " register reading as a placeholder"
                                  : " register readings as placeholders") +
                    ": the meter steps by more than " + to_text(max_kw) + " kW would");
}

}  // namespace ocpi::sessions
