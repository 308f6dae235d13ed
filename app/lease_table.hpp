#pragma once

#include "crud/leases.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace ocpi::app {

/// `4.2 s`, `12 min`, `3 h`, `2 d`: one unit, cut off. A negative time is 0.
std::string describe_duration(std::chrono::milliseconds time);

/// A table of leases for people, with a head: name, holder, epoch, age and time left.
std::string describe_leases(const std::vector<crud::lease_entry>& leases);

/// The same as a JSON array of objects; ages in seconds.
std::string leases_to_json(const std::vector<crud::lease_entry>& leases);

}  // namespace ocpi::app
