#pragma once

#include "crud/leases.hpp"

#include <memory>

namespace ocpi::crud::postgres {

class store;

/// The leases of a store, which they keep alive.
std::shared_ptr<leases> make_leases(std::shared_ptr<store> of);

}  // namespace ocpi::crud::postgres
