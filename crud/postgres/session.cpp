#include "crud/postgres/session.hpp"

#include <utility>

namespace ocpi::crud::postgres {

boost::asio::awaitable<void> prepare_for_writes(connection& on)
{
    std::vector<command> settings;
    settings.emplace_back(
        "SELECT set_config(name, CASE name WHEN 'plan_cache_mode' THEN 'force_generic_plan' ELSE "
        "'off' END, false) FROM pg_settings WHERE name IN ('plan_cache_mode', 'enable_seqscan', "
        "'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin', 'jit')");
    (void)co_await on.run(std::move(settings));
}

}  // namespace ocpi::crud::postgres
