#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// A value reported by a meter or a vehicle at an instant: kWh, kW or percent.
struct meter_reading {
    date_time at;
    decimal value;
};

/// The phases measured by a sample, as OCPP's Phase: all of them, one phase (`L1` and `L1-N` are
/// the same), between two phases, or other (`N`).
enum class measured_phase : std::uint8_t { overall, l1, l2, l3, l1_l2, l2_l3, l3_l1, other };

measured_phase parse_measured_phase(std::string_view text);

/// Preference of OCPP's meter locations, 0 first: those closest to the energy the vehicle receives.
/// Unknown locations come last.
std::uint8_t location_rank(std::string_view location);

/// One sampled value.
struct meter_sample {
    date_time at;
    decimal value;
    measured_phase phase = measured_phase::overall;
    std::uint8_t location = 0;
    /// Has the context Transaction.Begin.
    bool is_begin = false;
};

/// Power over time: at each instant the overall value if present, else the sum of the phases
/// sampled then; of several locations the best. Of repeated values the one sent last. Instants
/// ascend.
std::vector<meter_reading> power_series(std::vector<meter_sample> samples);

/// Energy register over time, each instant chosen in the same way; instants ascend, values may
/// decrease. Of several readings at one instant the highest is used. A phase not sampled at an
/// instant has its previous value, before its first sample its first value. A change of location,
/// or from the overall value to phases, continues from an instant at which both were sampled;
/// without one, they are treated as the same register if that is plausible, else as a register that
/// begins there. Irregularities are noted.
std::vector<meter_reading> register_series(std::vector<meter_sample> samples,
                                           std::vector<std::string>& notes);

/// Drops samples of context Transaction.Begin that repeat an earlier one of the same location and
/// phase.
void drop_repeated_begins(std::vector<meter_sample>& samples);

}  // namespace ocpi::sessions
