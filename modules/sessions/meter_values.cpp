#include "modules/sessions/meter_values.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

/// Where OCPP lets a meter sit: what is nearest to what the vehicle gets comes first.
constexpr std::array<std::string_view, 5> locations{"Outlet", "Cable", "EV", "Inlet", "Body"};

/// The members of a SampledValue that are of use.
struct sampled_value {
    std::optional<json::value> value;
    std::string_view context;
    std::string_view measurand = "Energy.Active.Import.Register";
    std::string_view unit;
    std::string_view location = "Outlet";
    std::string_view phase;
    std::string_view format;
};

/// A value as it was sampled; of those of one measurand some may say the same thing.
struct sample {
    date_time at;
    decimal value;
    bool is_of_phase;
    std::uint8_t location;
    std::uint8_t phase;
};

/// Collects what is sound, and counts what is not.
class collector {
public:
    void read(json::value meter_value);
    meter_values finish(std::vector<std::string>& notes);

private:
    bool read_element(json::value element);
    void read_sample(json::value member, date_time at);
    bool keep(const sampled_value& read, date_time at);
    bool keep_in(std::vector<sample>& samples, const sampled_value& read, date_time at,
                 bool is_thousandth);

    std::vector<sample> registers_;
    std::vector<sample> powers_;
    std::vector<sample> levels_;
    std::optional<date_time> last_;
    std::optional<date_time> ended_at_;
    bool is_out_of_order_ = false;
    std::size_t malformed_ = 0;
    std::size_t unfit_numbers_ = 0;
    std::size_t unknown_units_ = 0;
};

/// A decimal number as meters spell it: leading zeros and a plus are no reason to lose it.
std::optional<decimal> parse_number(std::string_view text, bool is_thousandth)
{
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    while (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') {
        text.remove_prefix(1);
    }
    if (text.empty() || text[0] < '0' || text[0] > '9') return {};
    std::string spelt = is_negative ? "-" : "";
    spelt += text;
    const bool has_exponent = text.find_first_of("eE") != std::string_view::npos;
    if (is_thousandth && !has_exponent) spelt += "e-3";
    auto number = decimal::parse(spelt);
    if (is_thousandth && has_exponent && number && number->fits(most_rational_places)) {
        number = *number * *decimal::parse("0.001");
    }
    return number;
}

/// L1 and L1-N are the same phase.
std::uint8_t phase_index(std::string_view phase)
{
    if (phase.starts_with("L1")) return 0;
    if (phase.starts_with("L2")) return 1;
    if (phase.starts_with("L3")) return 2;
    return 3;
}

bool take_text(json::value member, std::string_view& text)
{
    if (member.is(json::kind::null)) return true;
    text = member.string();
    return member.is(json::kind::string);
}

/// Nothing when the element is no SampledValue.
std::optional<sampled_value> read_sampled_value(json::value element)
{
    if (!element.is(json::kind::object)) return {};
    sampled_value read;
    for (auto member : element) {
        const auto name = member.name();
        bool is_sound = true;
        if (name == "value") {
            read.value = member;
            is_sound = member.is(json::kind::string) || member.is(json::kind::number);
        } else if (name == "context") {
            is_sound = take_text(member, read.context);
        } else if (name == "measurand") {
            is_sound = take_text(member, read.measurand);
        } else if (name == "unit") {
            is_sound = take_text(member, read.unit);
        } else if (name == "location") {
            is_sound = take_text(member, read.location);
        } else if (name == "phase") {
            is_sound = take_text(member, read.phase);
        } else if (name == "format") {
            is_sound = take_text(member, read.format);
        }
        if (!is_sound) return {};
    }
    if (!read.value) return {};
    return read;
}

/// Leaves the samples that say it best, by time: those of no phase, of the best location. A single
/// one gives way to several.
void choose(std::vector<sample>& samples)
{
    const auto rank = [](const sample& s) { return std::pair(s.is_of_phase, s.location); };
    std::map<std::pair<bool, std::uint8_t>, std::size_t> counts;
    for (const auto& s : samples) ++counts[rank(s)];
    if (counts.empty()) return;
    auto best = std::find_if(counts.begin(), counts.end(),
                             [](const auto& each) { return each.second > 1; });
    if (best == counts.end()) best = counts.begin();
    std::erase_if(samples, [&](const sample& s) { return rank(s) != best->first; });
    const auto earlier = [](const sample& a, const sample& b) { return a.at < b.at; };
    if (!std::is_sorted(samples.begin(), samples.end(), earlier)) {
        std::stable_sort(samples.begin(), samples.end(), earlier);
    }
}

/// The phases added up at every instant; one that is not named there is as it was named last, and
/// before that as it will be named first.
std::vector<meter_reading> sum_of_phases(const std::vector<sample>& samples)
{
    std::array<decimal, 4> latest;
    for (auto s = samples.rbegin(); s != samples.rend(); ++s) latest[s->phase] = s->value;
    std::vector<meter_reading> sums;
    for (const auto& s : samples) {
        latest[s.phase] = s.value;
        const auto sum = latest[0] + latest[1] + latest[2] + latest[3];
        if (!sums.empty() && sums.back().at == s.at) sums.pop_back();
        sums.push_back(meter_reading{s.at, sum});
    }
    return sums;
}

std::vector<meter_reading> to_readings(std::vector<sample> samples)
{
    choose(samples);
    if (!samples.empty() && samples.front().is_of_phase) return sum_of_phases(samples);
    std::vector<meter_reading> readings;
    readings.reserve(samples.size());
    for (auto& s : samples) readings.push_back(meter_reading{s.at, std::move(s.value)});
    return readings;
}

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
    if (read.format == "SignedData") return true;
    if (read.measurand == "SoC") return keep_in(levels_, read, at, false);
    if (read.measurand == "Energy.Active.Import.Register") {
        const bool is_wh = read.unit.empty() || read.unit == "Wh";
        if (is_wh || read.unit == "kWh") return keep_in(registers_, read, at, is_wh);
    } else if (read.measurand == "Power.Active.Import") {
        const bool is_w = read.unit.empty() || read.unit == "W";
        if (is_w || read.unit == "kW") return keep_in(powers_, read, at, is_w);
    } else {
        return true;
    }
    ++unknown_units_;
    return true;
}

bool collector::keep_in(std::vector<sample>& samples, const sampled_value& read, date_time at,
                        bool is_thousandth)
{
    const bool is_text = read.value->is(json::kind::string);
    auto number = parse_number(is_text ? read.value->string() : read.value->text(), is_thousandth);
    if (!number) return false;
    if (!number->fits(most_rational_places)) {
        ++unfit_numbers_;
        return true;
    }
    const auto location = std::find(locations.begin(), locations.end(), read.location);
    samples.push_back(sample{at, std::move(*number), !read.phase.empty(),
                             static_cast<std::uint8_t>(location - locations.begin()),
                             phase_index(read.phase)});
    return true;
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
    if (unknown_units_ > 0) {
        notes.push_back("meter_value: left out " + std::to_string(unknown_units_) +
                        " values in units that are not known");
    }
    meter_values read;
    read.are_sent = last_.has_value();
    read.registers = to_readings(std::move(registers_));
    for (auto& s : levels_) {
        s.is_of_phase = false;
        s.location = 0;
    }
    read.levels = to_readings(std::move(levels_));
    auto powers = to_readings(std::move(powers_));
    if (!powers.empty()) read.power = std::move(powers.back());
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

}  // namespace ocpi::sessions
