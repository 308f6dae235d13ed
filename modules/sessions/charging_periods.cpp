#include "modules/sessions/charging_periods.hpp"

#include <utility>

namespace ocpi::sessions {
namespace {

using json::object_reader;
using json::presence;

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
        dimensions.push_back(std::move(dimension));
    });
    return dimensions;
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

}  // namespace ocpi::sessions
