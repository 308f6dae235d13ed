#include "modules/sessions/charging_periods.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

namespace ocpi::sessions {
namespace {

using json::object_reader;
using json::presence;

/// More decimals than that are as good as any number of them.
constexpr std::int64_t max_written_places = 1000;

/// How many decimals a JSON number is written with: 4 for `0.1670` and `1.67e-2`.
std::uint32_t written_places(std::string_view number)
{
    const auto exponent_sign = number.find_first_of("eE");
    std::int64_t exponent = 0;
    if (exponent_sign != std::string_view::npos) {
        auto digits = number.substr(exponent_sign + 1);
        const bool is_negative = digits.starts_with('-');
        if (is_negative || digits.starts_with('+')) digits.remove_prefix(1);
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
        if (parsed.ec != std::errc()) exponent = max_written_places;
        exponent = std::min(exponent, max_written_places);
        if (is_negative) exponent = -exponent;
    }
    const auto mantissa = number.substr(0, exponent_sign);
    const auto point = mantissa.find('.');
    std::int64_t places = -exponent;
    if (point != std::string_view::npos) {
        places += static_cast<std::int64_t>(mantissa.size() - point - 1);
    }
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(places, 0, max_written_places));
}

std::vector<cdr_dimension> read_dimensions(object_reader& in, presence wanted)
{
    std::vector<cdr_dimension> dimensions;
    in.objects("dimensions", wanted, [&](object_reader& object) {
        // Closed in the specification, but an add-on book brings further types.
        auto type = object.text("type", 0, presence::required);
        auto volume = object.number("volume", presence::required);
        if (!type || !volume) return;
        cdr_dimension dimension;
        dimension.type = std::move(*type);
        dimension.volume = std::move(*volume);
        dimension.written_places = written_places(object.find_non_null("volume")->text());
        dimensions.push_back(std::move(dimension));
    });
    return dimensions;
}

/// What adds up over the periods of a session.
constexpr std::string_view counted_types[] = {"ENERGY", "ENERGY_IMPORT", "ENERGY_EXPORT",
                                              "TIME",   "PARKING_TIME",  "RESERVATION_TIME"};

bool can_add_up(const charging_period& period)
{
    return std::all_of(period.dimensions.begin(), period.dimensions.end(),
                       [](const cdr_dimension& d) { return d.volume.fits(max_rational_places); });
}

/// True when the later period, which has the same start, is the earlier one sent again.
bool is_sent_again(const charging_period& earlier, const charging_period& later)
{
    if (earlier.tariff_id && earlier.tariff_id != later.tariff_id) return false;
    if (!can_add_up(earlier) || !can_add_up(later)) return false;
    bool any = false;
    for (const auto type : counted_types) {
        const auto before = volume_of(earlier, type);
        if (!before) continue;
        const auto after = volume_of(later, type);
        if (before->is_negative() || !after || *after < *before) return false;
        any = true;
    }
    return any;
}

/// So many of one start are compared with the next; more that differ are no running figure.
constexpr std::size_t max_compared = 8;

/// Marks those of one start, given in the order sent, that are sent again.
void mark_replaced(const std::vector<charging_period>& periods,
                   std::span<const std::size_t> of_one_start, std::vector<bool>& marks)
{
    std::vector<std::size_t> open;
    for (const auto later : of_one_start) {
        std::erase_if(open, [&](std::size_t earlier) {
            if (!is_sent_again(periods[earlier], periods[later])) return false;
            marks[earlier] = true;
            return true;
        });
        if (open.size() == max_compared) open.erase(open.begin());
        open.push_back(later);
    }
}

}  // namespace

std::vector<charging_period> read_charging_periods(object_reader& in, presence dimensions)
{
    std::vector<charging_period> periods;
    in.objects("charging_periods", presence::optional, [&](object_reader& object) {
        charging_period period;
        const auto start = object.timestamp("start_date_time", presence::required);
        period.start_date_time = start.value_or(date_time());
        period.dimensions = read_dimensions(object, dimensions);
        period.tariff_id = object.ci_text("tariff_id", 36, presence::optional);
        periods.push_back(std::move(period));
    });
    return periods;
}

std::optional<decimal> volume_of(const charging_period& period, std::string_view type)
{
    std::optional<decimal> sum;
    for (const auto& dimension : period.dimensions) {
        if (dimension.type != type) continue;
        sum = sum ? *sum + dimension.volume : dimension.volume;
    }
    return sum;
}

std::optional<decimal> energy_of(const charging_period& period)
{
    auto energy = volume_of(period, "ENERGY");
    return energy ? energy : volume_of(period, "ENERGY_IMPORT");
}

std::vector<bool> find_replaced(const std::vector<charging_period>& periods)
{
    const auto does_not_ascend = [](const charging_period& a, const charging_period& b) {
        return a.start_date_time >= b.start_date_time;
    };
    if (std::adjacent_find(periods.begin(), periods.end(), does_not_ascend) == periods.end())
        return {};
    std::vector<std::size_t> order(periods.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto start_of = [&](std::size_t index) { return periods[index].start_date_time; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return start_of(a) < start_of(b); });
    std::vector<bool> marks(periods.size());
    for (auto first = order.begin(); first != order.end();) {
        const auto next = std::find_if(first, order.end(), [&](std::size_t index) {
            return start_of(index) != start_of(*first);
        });
        if (next - first > 1) mark_replaced(periods, {first, next}, marks);
        first = next;
    }
    const bool any = std::find(marks.begin(), marks.end(), true) != marks.end();
    return any ? marks : std::vector<bool>();
}

}  // namespace ocpi::sessions
