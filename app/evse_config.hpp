#pragma once

#include "app/table_reader.hpp"
#include "modules/sessions/evse_directory.hpp"

namespace ocpi::app {

/// Reads one [[evse]]: the properties of an EVSE, or of every EVSE of a location or party
/// (docs/configuration.md).
sessions::configured_evse read_evse(table_reader& in);

/// True when both entries are for the same party, location and EVSE.
bool describes_the_same(const sessions::configured_evse& a, const sessions::configured_evse& b);

}  // namespace ocpi::app
