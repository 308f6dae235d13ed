#include "crud/postgres/session.hpp"

#include <utility>

namespace ocpi::crud::postgres {

boost::asio::awaitable<void> prepare_plans(connection& on)
{
    std::vector<command> settings;
    settings.emplace_back(
        "SELECT set_config(name, CASE name WHEN 'plan_cache_mode' THEN 'force_generic_plan' WHEN "
        "'max_parallel_workers_per_gather' THEN '0' ELSE 'off' END, false) FROM pg_settings WHERE "
        "name IN ('plan_cache_mode', 'max_parallel_workers_per_gather', 'enable_seqscan', "
        "'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_incremental_sort', "
        "'jit')");
    (void)co_await on.run(std::move(settings));
}

boost::asio::awaitable<void> plan_each_time(connection& on)
{
    std::vector<command> settings;
    settings.emplace_back(
        "SELECT set_config(name, 'force_custom_plan', false) FROM pg_settings WHERE name = "
        "'plan_cache_mode'");
    (void)co_await on.run(std::move(settings));
}

command discard_plans()
{
    return command("DISCARD PLANS");
}

boost::asio::awaitable<bool> can_discard_plans(connection& on)
{
    std::vector<command> one;
    one.push_back(discard_plans());
    try {
        (void)co_await on.run(std::move(one));
    } catch (const postgres_error&) {
        if (!on.is_open()) throw;
        co_return false;
    }
    co_return true;
}

}  // namespace ocpi::crud::postgres
