#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// What a meter or a vehicle showed at an instant: kWh, kW or percent.
struct meter_reading {
    date_time at;
    decimal value;
};

/// What of a connection a sample measures, in the words of OCPP's Phase: all of it, one phase
/// (`L1` and `L1-N` are the same), what is between two of them, or something else (`N`).
enum class measured_phase : std::uint8_t { overall, l1, l2, l3, l1_l2, l2_l3, l3_l1, other };

measured_phase parse_measured_phase(std::string_view text);

/// The order of preference of the places where OCPP lets a meter sit, 0 first: what is nearest to
/// what the vehicle gets. A place that is not known comes last.
std::uint8_t location_rank(std::string_view location);

/// A value as it was sampled.
struct meter_sample {
    date_time at;
    decimal value;
    measured_phase phase = measured_phase::overall;
    std::uint8_t location = 0;
    /// Of context Transaction.Begin.
    bool is_begin = false;
};

/// The power over time: at each instant the overall value if there is one, else the sum of the
/// phases that were sampled then; of several places the best. Of two values of the same, the one
/// that was sent last. Instants ascend.
std::vector<meter_reading> power_series(std::vector<meter_sample> samples);

/// The energy register over time, each instant chosen in the same way; instants ascend, values may
/// step back. Of several readings of one instant the highest counts. A phase that is not sampled
/// at an instant counts as it was last, and before its first sample as it will be. Another place,
/// and the phases in place of the overall value, count on from an instant at which both were
/// sampled; where there is none, they are taken for the same register if that is plausible, and
/// for one that begins there if not. What was odd is noted.
std::vector<meter_reading> register_series(std::vector<meter_sample> samples,
                                           std::vector<std::string>& notes);

/// Leaves out the samples of context Transaction.Begin that say once more what an earlier one of
/// the same place and phase has said: later messages repeat it.
void drop_repeated_begins(std::vector<meter_sample>& samples);

}  // namespace ocpi::sessions
