#pragma once

#include "http/client_owned_module.hpp"
#include "modules/tariffs/tariff_store.hpp"

#include <memory>

namespace ocpi::tariffs {

/// Adds the routes of the tariffs module [OCPI tariffs], once for each version: the Receiver
/// interface of an eMSP, the Sender interface of a CPO, and the paths by which our operator reads
/// and writes both. All share the same tariffs.
void add_tariffs_module(http::router& router, const std::shared_ptr<tariff_store>& tariffs,
                        const http::client_owned_options& options);

}  // namespace ocpi::tariffs
