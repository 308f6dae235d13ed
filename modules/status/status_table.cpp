#include "modules/status/status_table.hpp"

#include "http/csv.hpp"

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ocpi::status {
namespace {

constexpr std::array<std::string_view, 20> columns{
    "id",         "policyId",     "status",       "startedAt",     "endedAt",     "durationSeconds",
    "locationId", "evseUid",      "connectorId",  "contractId",    "kwh",         "averageKw",
    "costAmount", "costCurrency", "costCoverage", "costEstimated", "batteryFrom", "batteryTo",
    "stale",      "lastUpdated"};

std::string text_of(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : std::string();
}

std::string text_of(const std::optional<date_time>& instant)
{
    return instant ? to_string(*instant) : std::string();
}

std::string_view text_of(const std::optional<std::string>& text)
{
    return text ? std::string_view(*text) : std::string_view();
}

std::string_view text_of(bool truth)
{
    return truth ? "true" : "false";
}

}  // namespace

std::string csv_head()
{
    http::csv_line line;
    for (const auto column : columns) line.cell(column);
    return line.finish();
}

std::string write_csv(const listed_status& listed)
{
    const auto& view = listed.view;
    const auto cost = view.cost.value_or(shown_cost());
    http::csv_line line;
    line.cell(view.ids.id)
        .cell(text_of(view.ids.policy_id))
        .cell(to_string(view.status))
        .cell(text_of(listed.started_at))
        .cell(text_of(listed.ended_at))
        .cell(view.duration_seconds ? std::to_string(*view.duration_seconds) : std::string())
        .cell(text_of(view.location_id))
        .cell(text_of(view.evse_uid))
        .cell(text_of(view.connector_id))
        .cell(text_of(listed.contract_id))
        .cell(text_of(view.kwh))
        .cell(text_of(view.average_kw))
        .cell(text_of(cost.amount))
        .cell(text_of(cost.currency))
        .cell(cost.coverage)
        .cell(view.cost ? text_of(cost.estimated) : std::string_view())
        .cell(text_of(listed.battery_from))
        .cell(text_of(listed.battery_to))
        .cell(text_of(view.stale))
        .cell(text_of(view.last_updated));
    return line.finish();
}

status_table::status_table(std::shared_ptr<sessions::session_writer> sessions,
                           std::shared_ptr<status_source> source,
                           std::shared_ptr<http::list_turns> turns, auth::principal caller,
                           crud::search_query query)
    : sessions_(std::move(sessions)),
      source_(std::move(source)),
      turns_(std::move(turns)),
      caller_(std::move(caller)),
      query_(std::move(query))
{
}

boost::asio::awaitable<result<void>> status_table::begin()
{
    auto page = co_await read_page();
    if (page.has_error()) co_return page.error();
    first_ = csv_head() + *page;
    co_return result<void>();
}

boost::asio::awaitable<std::optional<std::string>> status_table::next()
{
    std::optional<std::string> piece;
    if (is_closed_) co_return piece;
    if (first_) {
        piece = std::exchange(first_, std::nullopt);
        co_return piece;
    }
    if (is_last_read_) co_return piece;
    auto page = co_await read_page();
    if (page.has_error()) throw std::runtime_error("a table of sessions: " + page.error().text());
    piece = std::move(*page);
    co_return piece;
}

boost::asio::awaitable<result<std::string>> status_table::read_page()
{
    const auto turn = co_await turns_->take(caller_);
    if (turn.has_error()) co_return turn.error();
    auto found = co_await sessions_->reader().search(query_);
    if (found.has_error()) co_return found.error();
    is_last_read_ = found->is_last_page;
    query_.after = std::move(found->reached);
    std::string lines;
    for (auto& record : found->records) {
        const auto listed = co_await source_->list(std::move(record));
        lines += write_csv(listed);
    }
    co_return lines;
}

}  // namespace ocpi::status
