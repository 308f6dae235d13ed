#include "modules/sessions/meter_series.hpp"

#include "modules/sessions/placeholder_readings.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace ocpi::sessions {
namespace {

/// What is nearest to what the vehicle gets comes first.
constexpr std::array<std::string_view, 5> locations{"Outlet", "Cable", "EV", "Inlet", "Body"};
constexpr std::size_t location_count = locations.size() + 1;

/// Phases that add up; those to neutral count before those between two phases.
enum class phase_group : std::uint8_t { overall, to_neutral, between_phases, other };
constexpr std::size_t group_count = 4;
constexpr std::size_t source_count = location_count * group_count;
constexpr std::size_t phases_of_group = 3;

phase_group group_of(measured_phase phase)
{
    switch (phase) {
        case measured_phase::overall: return phase_group::overall;
        case measured_phase::l1:
        case measured_phase::l2:
        case measured_phase::l3: return phase_group::to_neutral;
        case measured_phase::l1_l2:
        case measured_phase::l2_l3:
        case measured_phase::l3_l1: return phase_group::between_phases;
        case measured_phase::other: break;
    }
    return phase_group::other;
}

/// The place of a phase among those of its group.
std::size_t slot_of(measured_phase phase)
{
    switch (phase) {
        case measured_phase::l2:
        case measured_phase::l2_l3: return 1;
        case measured_phase::l3:
        case measured_phase::l3_l1: return 2;
        default: return 0;
    }
}

/// What a sample is of, in the order of preference: overall values, best place first, then phases.
std::size_t source_of(const meter_sample& sample)
{
    const auto group = static_cast<std::size_t>(group_of(sample.phase));
    if (group == 0) return sample.location;
    return location_count + sample.location * (group_count - 1) + group - 1;
}

bool is_earlier(const meter_sample& a, const meter_sample& b)
{
    return a.at < b.at;
}

void put_in_order(std::vector<meter_sample>& samples)
{
    if (std::is_sorted(samples.begin(), samples.end(), is_earlier)) return;
    std::stable_sort(samples.begin(), samples.end(), is_earlier);
}

/// Calls `take` with the first and the end of all samples of each instant.
template <class Take>
void for_each_instant(const std::vector<meter_sample>& samples, Take take)
{
    for (auto first = samples.begin(); first != samples.end();) {
        const auto end = std::find_if(first, samples.end(),
                                      [&](const meter_sample& s) { return s.at != first->at; });
        take(first, end);
        first = end;
    }
}

decimal sum_of(const std::array<decimal, phases_of_group>& phases)
{
    if (phases[1].is_zero() && phases[2].is_zero()) return phases[0];
    return phases[0] + phases[1] + phases[2];
}

/// The readings of the registers of one source, and what must be added to continue the series.
struct register_source {
    std::array<std::optional<decimal>, phases_of_group> latest;
    /// The instants, counted, at which each of them was read last; 0: not yet.
    std::array<std::size_t, phases_of_group> phase_read_at{};
    std::size_t read_at = 0;
    std::optional<decimal> offset;

    decimal reading() const
    {
        auto sum = latest[0].value_or(decimal());
        for (std::size_t i = 1; i < latest.size(); ++i) {
            if (latest[i]) sum = sum + *latest[i];
        }
        return sum;
    }

    decimal counted_on() const { return offset->is_zero() ? reading() : reading() + *offset; }
};

/// Makes one series of the registers of all sources, instant by instant.
class register_chain {
public:
    using sample_iterator = std::vector<meter_sample>::const_iterator;

    explicit register_chain(const std::vector<meter_sample>& samples)
    {
        series_.reserve(samples.size());
        // Before its first sample a phase counts as it will be then.
        for (const auto& sample : samples) {
            const auto index = source_of(sample);
            auto& latest = sources_[index].latest[slot_of(sample.phase)];
            if (!latest) latest = sample.value;
            end_ = std::max(end_, index + 1);
        }
    }

    void take_instant(sample_iterator first, sample_iterator end);
    std::vector<meter_reading> finish(std::vector<std::string>& notes);

private:
    void read(sample_iterator first, sample_iterator end);
    void begin(register_source& chosen, date_time at);

    auto sources_end() { return sources_.begin() + static_cast<std::ptrdiff_t>(end_); }

    std::array<register_source, source_count> sources_;
    /// All after it have no samples.
    std::size_t end_ = 0;
    std::vector<meter_reading> series_;
    std::size_t instant_ = 0;
    bool do_readings_differ_ = false;
    bool has_changed_register_ = false;
};

void register_chain::read(sample_iterator first, sample_iterator end)
{
    for (auto s = first; s != end; ++s) {
        auto& source = sources_[source_of(*s)];
        const auto slot = slot_of(s->phase);
        auto& latest = source.latest[slot];
        const bool is_again = source.phase_read_at[slot] == instant_;
        do_readings_differ_ = do_readings_differ_ || (is_again && *latest != s->value);
        if (!is_again || *latest < s->value) latest = s->value;
        source.phase_read_at[slot] = instant_;
        source.read_at = instant_;
    }
}

void register_chain::take_instant(sample_iterator first, sample_iterator end)
{
    ++instant_;
    read(first, end);
    const auto is_read = [&](const register_source& each) { return each.read_at == instant_; };
    const auto best = std::find_if(sources_.begin(), sources_end(), is_read);
    const auto known = std::find_if(best, sources_end(), [&](const register_source& each) {
        return is_read(each) && each.offset;
    });
    const auto& basis = known == sources_end() ? *best : *known;
    if (!basis.offset) begin(*best, first->at);
    const auto& next = series_.emplace_back(meter_reading{first->at, basis.counted_on()});
    for (auto each = best; each != sources_end(); ++each) {
        const bool is_left_behind = is_read(*each) && &*each != &basis;
        if (is_left_behind) each->offset = next.value - each->reading();
    }
}

/// A register that was never read together with those of the series until now.
void register_chain::begin(register_source& chosen, date_time at)
{
    chosen.offset.emplace();
    if (series_.empty()) return;
    const auto& last = series_.back();
    const meter_reading next{at, chosen.reading()};
    const bool may_be_same =
        next.value >= last.value && !is_beyond(max_power_of_any_evse(), last, next);
    if (may_be_same) return;
    chosen.offset = last.value - next.value;
    has_changed_register_ = true;
}

std::vector<meter_reading> register_chain::finish(std::vector<std::string>& notes)
{
    if (do_readings_differ_) {
        notes.emplace_back("the meter has several readings of one instant: the highest counts");
    }
    if (has_changed_register_) {
        notes.emplace_back("another register is read from some time on: it counts on from there");
    }
    return std::move(series_);
}

}  // namespace

measured_phase parse_measured_phase(std::string_view text)
{
    using enum measured_phase;
    if (text.empty()) return overall;
    if (text == "L1" || text == "L1-N") return l1;
    if (text == "L2" || text == "L2-N") return l2;
    if (text == "L3" || text == "L3-N") return l3;
    if (text == "L1-L2") return l1_l2;
    if (text == "L2-L3") return l2_l3;
    if (text == "L3-L1") return l3_l1;
    return other;
}

std::uint8_t location_rank(std::string_view location)
{
    const auto found = std::find(locations.begin(), locations.end(), location);
    return static_cast<std::uint8_t>(found - locations.begin());
}

std::vector<meter_reading> power_series(std::vector<meter_sample> samples)
{
    put_in_order(samples);
    std::vector<meter_reading> series;
    for_each_instant(samples, [&](auto first, auto end) {
        std::size_t best = source_count;
        for (auto s = first; s != end; ++s) best = std::min(best, source_of(*s));
        std::array<decimal, phases_of_group> phases;
        for (auto s = first; s != end; ++s) {
            if (source_of(*s) == best) phases[slot_of(s->phase)] = s->value;
        }
        series.push_back(meter_reading{first->at, sum_of(phases)});
    });
    return series;
}

std::vector<meter_reading> register_series(std::vector<meter_sample> samples,
                                           std::vector<std::string>& notes)
{
    put_in_order(samples);
    register_chain chain(samples);
    for_each_instant(samples, [&](auto first, auto end) { chain.take_instant(first, end); });
    return chain.finish(notes);
}

void drop_repeated_begins(std::vector<meter_sample>& samples)
{
    put_in_order(samples);
    constexpr std::size_t phase_count = static_cast<std::size_t>(measured_phase::other) + 1;
    std::array<std::optional<decimal>, location_count * phase_count> begun;
    std::erase_if(samples, [&](const meter_sample& sample) {
        if (!sample.is_begin) return false;
        const auto counter = sample.location * phase_count + static_cast<std::size_t>(sample.phase);
        auto& first = begun[counter];
        const bool is_repeated = first && *first == sample.value;
        if (!first) first = sample.value;
        return is_repeated;
    });
}

}  // namespace ocpi::sessions
