#include "modules/metering/reported_energy.hpp"

#include "modules/metering/fixed_point.hpp"
#include "modules/sessions/charging_periods.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ocpi::metering {
namespace {

using boost::multiprecision::cpp_int;

using points = std::vector<reported_point>;

/// A number at an instant, before all have the same places.
struct timed_number {
    date_time at;
    fixed_point number;
};

/// Amounts with the same places, and session.kwh with the same.
struct amounts {
    points values;
    unsigned places = 0;
    std::optional<cpp_int> kwh;
};

amounts align(std::vector<timed_number> numbers, const std::optional<decimal>& kwh)
{
    amounts aligned;
    fixed_point total;
    if (kwh) total = to_fixed_point(*kwh);
    aligned.places = total.places;
    for (const auto& entry : numbers)
        aligned.places = std::max(aligned.places, entry.number.places);
    if (kwh) aligned.kwh = amount_at(std::move(total), aligned.places);
    aligned.values.reserve(numbers.size());
    for (auto& entry : numbers) {
        aligned.values.emplace_back(entry.at, amount_at(std::move(entry.number), aligned.places));
    }
    return aligned;
}

/// The sum of all increases, as if the register had restarted at every decrease.
points count_on(const points& values)
{
    points counted;
    counted.reserve(values.size());
    for (const auto& value : values) {
        cpp_int amount = counted.empty() ? value.amount : counted.back().amount;
        const auto index = counted.size();
        if (index > 0 && value.amount > values[index - 1].amount) {
            amount += value.amount - values[index - 1].amount;
        }
        counted.emplace_back(value.at, std::move(amount));
    }
    return counted;
}

void keep_from_descending(points& values)
{
    for (std::size_t i = 1; i < values.size(); ++i) {
        if (values[i].amount < values[i - 1].amount) values[i].amount = values[i - 1].amount;
    }
}

void mend_steps_back(amounts& read, std::vector<std::string>& notes)
{
    auto& values = read.values;
    const auto lower = [](const reported_point& a, const reported_point& b) {
        return a.amount < b.amount;
    };
    if (std::is_sorted(values.begin(), values.end(), lower)) return;
    auto counted = count_on(values);
    const bool has_begun_anew =
        read.kwh && counted.back().amount - counted.front().amount <= *read.kwh;
    if (has_begun_anew) {
        notes.emplace_back("the meter steps back: it has begun anew");
        values = std::move(counted);
    } else {
        notes.emplace_back("the meter steps back: lower readings are left out");
        keep_from_descending(values);
    }
}

/// False when there are too few to tell anything.
bool read_registers(const sessions::session_data& seen, date_time start,
                    const std::optional<decimal>& kwh, reported_energy& reported)
{
    const auto& registers = seen.meter.registers;
    if (registers.empty()) return false;
    std::vector<timed_number> numbers;
    numbers.reserve(registers.size());
    for (const auto& reading : registers) {
        numbers.push_back(timed_number{reading.at, to_fixed_point(reading.value)});
    }
    auto read = align(std::move(numbers), kwh);
    std::vector<std::string> notes;
    mend_steps_back(read, notes);
    auto& values = read.values;
    const bool counts_from_plug_in = values.front().at > start && values.front().amount >= 0 &&
                                     read.kwh && values.back().amount == *read.kwh;
    if (counts_from_plug_in) values.emplace(values.begin(), start, 0);
    if (values.size() < 2) return false;
    const cpp_int base = values.front().amount;
    for (auto& value : values) value.amount -= base;
    reported.known_until = values.back().at;
    reported.points = std::move(values);
    reported.places = read.places;
    std::move(notes.begin(), notes.end(), std::back_inserter(reported.notes));
    return true;
}

/// The volumes of a session's periods.
struct period_volumes {
    /// At the starts of their periods, in order of time, without those that were sent again.
    std::vector<timed_number> volumes;
    /// At least one period reports energy.
    bool any = false;
    bool has_negative = false;
    bool has_replaced = false;
};

period_volumes collect_volumes(const std::vector<sessions::charging_period>& periods)
{
    period_volumes found;
    found.volumes.reserve(periods.size());
    const auto replaced = sessions::find_replaced(periods);
    found.has_replaced = !replaced.empty();
    for (std::size_t i = 0; i < periods.size(); ++i) {
        if (found.has_replaced && replaced[i]) continue;
        const auto volume = sessions::energy_of(periods[i]);
        found.any = found.any || volume.has_value();
        const bool is_negative = volume && volume->is_negative();
        found.has_negative = found.has_negative || is_negative;
        const bool counts = volume && !is_negative;
        found.volumes.push_back(timed_number{periods[i].start_date_time,
                                             counts ? to_fixed_point(*volume) : fixed_point()});
    }
    const auto earlier = [](const timed_number& a, const timed_number& b) { return a.at < b.at; };
    std::stable_sort(found.volumes.begin(), found.volumes.end(), earlier);
    return found;
}

/// Of periods that start together the volumes are added up.
void merge_periods(points& volumes, std::vector<std::string>& notes)
{
    points merged;
    merged.reserve(volumes.size());
    for (auto& volume : volumes) {
        if (merged.empty() || merged.back().at != volume.at) {
            merged.push_back(std::move(volume));
        } else {
            merged.back().amount += volume.amount;
        }
    }
    if (merged.size() < volumes.size()) {
        notes.emplace_back("several charging_periods start together: they count as one");
    }
    volumes = std::move(merged);
}

bool are_watt_hours(const points& volumes, const std::optional<cpp_int>& kwh)
{
    if (!kwh || *kwh <= 0) return false;
    cpp_int sum = 0;
    for (const auto& volume : volumes) sum += volume.amount;
    const cpp_int expected = *kwh * 1000;
    const cpp_int difference = boost::multiprecision::abs(sum - expected);
    return difference * 100 <= expected;
}

/// Up to when kwh and the last charging period count.
std::optional<date_time> reported_end(const sessions::session_data& seen, date_time until)
{
    const auto& fields = seen.fields;
    const auto end = fields.end_date_time ? fields.end_date_time : fields.last_updated;
    if (!end) return {};
    return std::min(*end, until);
}

bool read_periods(const sessions::session_data& seen, date_time until,
                  const std::optional<decimal>& kwh, reported_energy& reported)
{
    auto collected = collect_volumes(seen.fields.charging_periods);
    if (!collected.any) return false;
    if (collected.has_replaced) reported.notes.emplace_back(sessions::replaced_periods_note);
    if (collected.has_negative) {
        reported.notes.emplace_back("charging_periods: negative energy counts as 0");
    }
    auto read = align(std::move(collected.volumes), kwh);
    auto& volumes = read.values;
    merge_periods(volumes, reported.notes);
    reported.places = read.places;
    if (are_watt_hours(volumes, read.kwh)) {
        reported.notes.emplace_back("charging_periods name their energy in Wh");
        reported.places += 3;
    }
    cpp_int sum = 0;
    for (const auto& volume : volumes) {
        reported.points.emplace_back(volume.at, sum);
        sum += volume.amount;
    }
    const auto last = volumes.back().at;
    reported.known_until = std::max(last, reported_end(seen, until).value_or(last));
    const auto end = *reported.known_until > last ? *reported.known_until : until;
    if (end > last) {
        reported.points.emplace_back(end, std::move(sum));
    } else {
        reported.points.back().amount = std::move(sum);
    }
    return true;
}

}  // namespace

reported_energy read_reported_energy(const sessions::session_data& seen, date_time start,
                                     date_time until, const std::optional<decimal>& kwh)
{
    reported_energy reported;
    if (read_registers(seen, start, kwh, reported)) return reported;
    if (read_periods(seen, until, kwh, reported)) return reported;
    const auto end = reported_end(seen, until);
    reported.known_until = end;
    if (!kwh || !end || *end <= start) return reported;
    auto total = to_fixed_point(*kwh);
    reported.points.emplace_back(start, 0);
    reported.points.emplace_back(*end, std::move(total.amount));
    reported.places = total.places;
    return reported;
}

}  // namespace ocpi::metering
