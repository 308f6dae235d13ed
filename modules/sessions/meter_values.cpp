#include "modules/sessions/meter_values.hpp"

#include "modules/sessions/placeholder_readings.hpp"
#include "modules/sessions/sampled_value.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

/// Units that are not known are named, but not every one that a sender may think of.
constexpr std::size_t max_named_units = 5;
constexpr std::size_t max_unit_length = 20;

/// Collects what is sound, and counts what is not.
class collector {
public:
    void read(json::value meter_value);
    meter_values finish(std::vector<std::string>& notes);

private:
    bool read_element(json::value element);
    void read_sample(json::value member, date_time at);
    bool keep(const sampled_value& read, date_time at);
    bool keep_in(std::vector<meter_sample>& samples, const sampled_value& read, date_time at,
                 int exponent);
    void note_unknown_unit(std::string_view unit);
    std::string unknown_units_note() const;
    std::vector<meter_reading> take_levels();

    std::vector<meter_sample> registers_;
    std::vector<meter_sample> powers_;
    std::vector<meter_sample> levels_;
    std::optional<date_time> last_;
    std::optional<date_time> ended_at_;
    bool is_out_of_order_ = false;
    std::size_t malformed_ = 0;
    std::size_t unfit_numbers_ = 0;
    std::size_t of_unknown_units_ = 0;
    /// In the order in which they were met; the first few.
    std::vector<std::string> unknown_units_;
    bool are_more_units_unknown_ = false;
};

void collector::read(json::value meter_value)
{
    registers_.reserve(meter_value.size());
    for (const auto element : meter_value) {
        if (!read_element(element)) ++malformed_;
    }
}

/// False when it is no MeterValue.
bool collector::read_element(json::value element)
{
    const auto timestamp = element.find("timestamp");
    const auto samples = element.find("sampled_value");
    if (!timestamp || !samples) return false;
    const auto parsed = parse_date_time(timestamp->string());
    if (!parsed) return false;
    const bool is_one = samples->is(json::kind::object);
    if (!is_one && (!samples->is(json::kind::array) || samples->size() == 0)) return false;
    const auto at = parsed->value;
    const auto malformed_before = malformed_;
    if (is_one) {
        read_sample(*samples, at);
    } else {
        for (const auto member : *samples) read_sample(member, at);
    }
    const auto malformed = malformed_ - malformed_before;
    const bool is_sound = malformed == 0 || (!is_one && malformed < samples->size());
    if (!is_sound) return true;
    if (last_ && at < *last_) is_out_of_order_ = true;
    last_ = at;
    return true;
}

void collector::read_sample(json::value member, date_time at)
{
    const auto read = read_sampled_value(member);
    if (!read || !keep(*read, at)) {
        ++malformed_;
        return;
    }
    if (read->context == "Transaction.End") ended_at_ = std::max(ended_at_.value_or(at), at);
}

bool collector::keep(const sampled_value& read, date_time at)
{
    constexpr int thousandth = -3;
    if (read.format == "SignedData") return true;
    if (read.measurand == "SoC") return keep_in(levels_, read, at, 0);
    if (read.measurand == "Energy.Active.Import.Register") {
        if (read.unit == "kWh") return keep_in(registers_, read, at, 0);
        const bool is_wh = read.unit.empty() || read.unit == "Wh";
        if (is_wh) return keep_in(registers_, read, at, thousandth);
    } else if (read.measurand == "Power.Active.Import") {
        if (read.unit == "kW") return keep_in(powers_, read, at, 0);
        const bool is_w = read.unit.empty() || read.unit == "W";
        if (is_w) return keep_in(powers_, read, at, thousandth);
    } else {
        return true;
    }
    note_unknown_unit(read.unit);
    return true;
}

bool collector::keep_in(std::vector<meter_sample>& samples, const sampled_value& read, date_time at,
                        int exponent)
{
    auto number = number_of(read, exponent);
    if (!number) return false;
    if (!number->fits(max_rational_places)) {
        ++unfit_numbers_;
        return true;
    }
    meter_sample sample;
    sample.at = at;
    sample.value = std::move(*number);
    sample.phase = parse_measured_phase(read.phase);
    sample.location = location_rank(read.location);
    sample.is_begin = read.context == "Transaction.Begin";
    samples.push_back(std::move(sample));
    return true;
}

void collector::note_unknown_unit(std::string_view unit)
{
    ++of_unknown_units_;
    const std::string name(unit.substr(0, max_unit_length));
    const auto& known = unknown_units_;
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    are_more_units_unknown_ = known.size() == max_named_units;
    if (!are_more_units_unknown_) unknown_units_.push_back(name);
}

std::string collector::unknown_units_note() const
{
    std::string note = "meter_value: left out " + std::to_string(of_unknown_units_) +
                       " values in units that are not known: ";
    for (const auto& unit : unknown_units_) {
        if (&unit != &unknown_units_.front()) note += ", ";
        note += unit;
    }
    if (are_more_units_unknown_) note += ", …";
    return note;
}

/// A vehicle has one level, at whatever location it is reported.
std::vector<meter_reading> collector::take_levels()
{
    drop_repeated_begins(levels_);
    std::vector<meter_reading> levels;
    levels.reserve(levels_.size());
    for (auto& each : levels_) levels.push_back(meter_reading{each.at, std::move(each.value)});
    return levels;
}

meter_values collector::finish(std::vector<std::string>& notes)
{
    if (is_out_of_order_) notes.emplace_back("meter_value is not in order of time");
    if (malformed_ > 0) {
        notes.push_back("meter_value: left out " + std::to_string(malformed_) +
                        (malformed_ == 1 ? " malformed entry" : " malformed entries"));
    }
    if (unfit_numbers_ > 0) {
        notes.push_back("meter_value: left out " + std::to_string(unfit_numbers_) +
                        " numbers too large or too fine to reckon with");
    }
    if (of_unknown_units_ > 0) notes.push_back(unknown_units_note());
    meter_values read;
    read.are_sent = last_.has_value();
    drop_repeated_begins(registers_);
    read.registers = register_series(std::move(registers_), notes);
    drop_placeholders(read.registers, max_power_of_any_evse(), notes);
    read.levels = take_levels();
    drop_repeated_begins(powers_);
    read.powers = power_series(std::move(powers_));
    if (!read.powers.empty()) read.power = read.powers.back();
    read.ended_at = ended_at_;
    return read;
}

}  // namespace

meter_values read_meter_values(const json::document& stored, std::vector<std::string>& notes)
{
    const auto sent = stored.root().find("meter_value");
    if (!sent || sent->is(json::kind::null)) return {};
    if (!sent->is(json::kind::array)) {
        notes.emplace_back("meter_value is malformed and counts as not sent");
        return {};
    }
    collector collected;
    collected.read(*sent);
    return collected.finish(notes);
}

std::vector<reading_context> read_contexts(const json::document& stored)
{
    std::vector<reading_context> contexts;
    const auto sent = stored.root().find("meter_value");
    if (!sent || !sent->is(json::kind::array)) return contexts;
    for (const auto element : *sent) {
        const auto at = parse_date_time(element.find_string("timestamp"));
        const auto samples = element.find("sampled_value");
        if (!at || !samples) continue;
        std::string_view context;
        const auto take = [&context](json::value sample) {
            const auto read = read_sampled_value(sample);
            if (!read) return;
            const bool is_bound = read->context.starts_with("Transaction.");
            if (context.empty() || is_bound) context = read->context;
        };
        if (samples->is(json::kind::object)) {
            take(*samples);
        } else {
            for (const auto sample : *samples) take(sample);
        }
        if (context.empty()) context = "Sample.Periodic";
        contexts.push_back(reading_context{at->value, std::string(context)});
    }
    return contexts;
}

}  // namespace ocpi::sessions
