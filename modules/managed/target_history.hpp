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

/// A target in force from an instant on.
struct target_entry {
    /// Increases within a session, from 1.
    std::int64_t id = 1;
    date_time since;
    /// The user's target; std::nullopt: the policy's, which follows its schedule.
    std::optional<target> user_override;
    /// The policy's battery reserve in percent while this entry was in force; std::nullopt: the
    /// current one.
    std::optional<decimal> battery_reserve;

    target_entry() = default;
    target_entry(std::int64_t number, date_time from, std::optional<target> of_user)
        : id(number), since(from), user_override(std::move(of_user))
    {
    }

    friend bool operator==(const target_entry&, const target_entry&) = default;
};

/// True if the user's target is to charge at once.
bool is_immediate(const target_entry& entry) noexcept;

/// Targets of a session, the latest at the end. An empty history means the policy's target (id 1)
/// has always applied.
using target_history = std::vector<target_entry>;

/// The entry in force at that instant: the last that began by then, else the first.
target_entry target_in_force(const target_history& log, date_time instant);

/// The target of an entry at that instant; for the policy's, the next of the schedule. std::nullopt
/// when the schedule has none.
std::optional<target> target_of(const target_entry& entry, const policy& rule, date_time instant);

/// The user's target is in force from now on, replacing any other. No effect if it is unchanged.
void begin_override(target_history& log, const target& wanted, date_time now);

/// The policy's target is in force again from now on. No effect if it already is.
void end_override(target_history& log, date_time now);

/// The policy's battery reserve in percent while that entry was in force.
const decimal& reserve_of(const target_entry& entry, const policy& rule);

/// The policy has changed: if the target, including its reserve, differs, it gets the next id.
/// Earlier entries keep the reserve of their time.
void change_policy(target_history& log, const policy& before, const policy& after, date_time now);

/// While no vehicle is plugged in, a deadline that passes ends its override.
void expire_unused(target_history& log, date_time now);

/// Drops all entries but the latest, for a session that has not begun.
void keep_latest(target_history& log);

/// Upper bound on stored history entries.
inline constexpr std::size_t max_remembered_targets = 1000;

}  // namespace ocpi::managed
