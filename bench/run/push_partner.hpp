#pragma once

#include "bench/run/bench_context.hpp"

#include <string>

/// The partners that partner_server plays, as benchmarks use them.
namespace ocpi::bench {

/// GET of partner_server, whose answers are small.
std::string ask_partners(const running_server& partners, const std::string& target);

/// Reports until so many sessions have arrived.
std::string await_sessions(const running_server& partners, double count);

/// Reports until no message has arrived for a while.
std::string await_silence(const running_server& partners);

/// Registers with partner `number` at `partners`. `server` is where the partner finds us.
void register_partner(bench_context& context, const build& of, const std::string& database_url,
                      const std::string& server, const running_server& partners, int number);

}  // namespace ocpi::bench
