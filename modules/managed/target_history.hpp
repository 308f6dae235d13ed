#pragma once

#include "modules/managed/policy.hpp"
#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::managed {

/// From an instant on, what a session is charged towards.
struct target_entry {
    /// Counts up within a session, from 1.
    std::int64_t id = 1;
    date_time since;
    /// The user's target; nothing: the policy's, which moves on along its schedule by itself.
    std::optional<target> user_override;
    /// In percent, what the policy kept in reserve while this counted; nothing: what it does now.
    std::optional<decimal> battery_reserve;

    target_entry() = default;
    target_entry(std::int64_t number, date_time from, std::optional<target> of_user)
        : id(number), since(from), user_override(std::move(of_user))
    {
    }

    friend bool operator==(const target_entry&, const target_entry&) = default;
};

/// True when the user wants it charged at once.
bool is_immediate(const target_entry& entry) noexcept;

/// What a session has been charged towards, the latest at the end. An empty log stands for the
/// policy's target, with the id 1, from ever on.
using target_history = std::vector<target_entry>;

/// The entry that counts at that instant: the last that began by then, else the first.
target_entry target_in_force(const target_history& log, date_time instant);

/// The target that an entry stands for at that instant; the schedule's next one for the policy's.
/// Nothing when the schedule has none.
std::optional<target> target_of(const target_entry& entry, const policy& rule, date_time instant);

/// From now on the user's target counts, in the place of any other. The same once more changes
/// nothing.
void begin_override(target_history& log, const target& wanted, date_time now);

/// From that instant on the policy's target counts again. Changes nothing when it does already.
void end_override(target_history& log, date_time now);

/// The policy's battery reserve while that entry counted, in percent.
const decimal& reserve_of(const target_entry& entry, const policy& rule);

/// The policy has changed: the target, to which its reserve belongs, takes the next id if it is
/// another one now. What was before keeps the reserve of then.
void change_policy(target_history& log, const policy& before, const policy& after, date_time now);

/// For as long as no vehicle is there, a deadline that passes ends the override it belongs to.
void expire_unused(target_history& log, date_time now);

/// Of a session to come nothing counts but the latest.
void keep_latest(target_history& log);

/// Who takes turns with targets without end is not remembered without end.
inline constexpr std::size_t max_remembered_targets = 1000;

}  // namespace ocpi::managed
