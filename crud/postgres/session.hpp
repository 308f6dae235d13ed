#pragma once

#include "crud/postgres/connection.hpp"
#include "ocpi/base/backoff.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace ocpi::crud::postgres {

/// How long operations wait for a connection that was just lost. Without one they fail at once from
/// then on, as they do from the moment an attempt to open it has failed.
inline constexpr std::chrono::seconds max_wait_for_connection{1};

/// From an attempt to open a connection that has failed to the next one. Not longer: as soon as the
/// server is back, each request needs a read, if only of its token.
inline constexpr backoff between_openings{std::chrono::milliseconds(100), std::chrono::seconds(1)};

/// Tells the server how to plan, after open(): tables are looked up in the order of their indexes,
/// whatever statistics say of them or of the arrays that they are joined with, and one plan of a
/// statement serves all its values. So a plan that was made while the table was small stays a good
/// one. An engine that does not have such a setting goes without.
boost::asio::awaitable<void> prepare_plans(connection& on);

/// For statements that find many rows by their whole primary key. All indexes begin with the
/// module, and on an empty table they cost the same: a plan that is kept from then on may read a
/// whole module for each key, or for all of them. So a writer plans again now and then, which takes
/// less than a millisecond; when there are rows, the plan is by the key. Runs outside a transaction
/// or in one.
command discard_plans();

/// How long a plan of the writer serves.
inline constexpr std::chrono::seconds max_plan_age{1};

/// False where the engine does not know discard_plans(). Then each run is to be planned:
/// plan_each_time().
boost::asio::awaitable<bool> can_discard_plans(connection& on);
boost::asio::awaitable<void> plan_each_time(connection& on);

}  // namespace ocpi::crud::postgres
