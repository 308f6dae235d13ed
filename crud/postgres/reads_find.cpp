// The reads that return one record or number. Each is one statement.

#include "crud/errors.hpp"
#include "crud/postgres/filter_sql.hpp"
#include "crud/postgres/reads.hpp"
#include "crud/postgres/record_row.hpp"
#include "crud/postgres/text_value.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {
namespace {

namespace asio = boost::asio;

/// `SELECT … FROM record WHERE`
std::string select_record()
{
    return std::string("SELECT ") + head_columns + ", json FROM record WHERE ";
}

bool is_key(const object_key& key)
{
    return is_text(key.country_code.str()) && is_text(key.party_id.str()) && is_text(key.id.str());
}

std::string key_condition(statement_builder& into, const std::string& module, const object_key& key)
{
    auto sql = "module = " + into.add(module);
    sql += " AND country_code = " + into.add(key.country_code.folded());
    sql += " AND party_id = " + into.add(key.party_id.folded());
    return sql + " AND id = " + into.add(key.id.folded());
}

asio::awaitable<result<record>> find_one(connection& on, command asked)
{
    std::vector<command> commands;
    commands.push_back(std::move(asked));
    const auto found = co_await on.run(std::move(commands));
    if (found.front().size() == 0) co_return no_such_record();
    co_return read_record(found.front(), 0);
}

}  // namespace

asio::awaitable<result<record>> find_record(connection& on, std::string module, object_key key)
{
    if (!is_key(key)) co_return no_such_record();
    statement_builder made;
    auto sql = select_record() + key_condition(made, module, key);
    auto asked = made.finish(std::move(sql));
    co_return co_await find_one(on, std::move(asked));
}

asio::awaitable<result<record>> find_visible_record(connection& on, std::string module,
                                                    object_key key, std::vector<party> emsps)
{
    record_filter of_emsps;
    of_emsps.emsps = std::move(emsps);
    const folded_filter visible(of_emsps);
    if (!is_key(key) || visible.matches_none()) co_return no_such_record();
    statement_builder made;
    auto sql = select_record() + key_condition(made, module, key);
    sql += filter_condition(made, visible);
    auto asked = made.finish(std::move(sql));
    co_return co_await find_one(on, std::move(asked));
}

asio::awaitable<result<record>> find_record_by_secondary_key(connection& on, std::string module,
                                                             std::string key, record_filter filter)
{
    const folded_filter wanted(filter);
    if (key.empty() || !is_text(key) || wanted.matches_none()) co_return no_such_record();
    statement_builder made;
    auto sql = select_record() + "module = " + made.add(module);
    sql += " AND secondary_key = " + made.add(key) + filter_condition(made, wanted);
    auto asked = made.finish(std::move(sql));
    co_return co_await find_one(on, std::move(asked));
}

asio::awaitable<result<revision>> find_latest_revision(connection& on)
{
    std::vector<command> commands;
    commands.emplace_back("SELECT revision FROM latest_number WHERE name = 'record'");
    const auto found = co_await on.run(std::move(commands));
    if (found.front().size() == 0) co_return revision{0};
    co_return static_cast<revision>(found.front().integer(0, 0));
}

}  // namespace ocpi::crud::postgres
