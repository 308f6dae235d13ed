#include "modules/exchange/pull_progress.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <string_view>

namespace ocpi::exchange {
namespace {

using crud::interface_side;
using ocpi::crud::object_key;

constexpr std::string_view module_name = "pull_progress";

crud::document write_progress_mark(object_key key, const progress_mark& mark)
{
    json::array_writer covers;
    for (const auto& pair : mark.covers) covers.raw(json::quote(pair));
    json::object_writer written;
    written.string("date_from", to_string(mark.date_from)).raw("covers", covers.finish());
    return crud::document(std::move(key), written.finish(), date_time(), {});
}

/// A record that cannot be read covers no parties: all is then pulled again, which repairs it.
result<progress_mark> read_progress_mark(const crud::record& record)
{
    const auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return progress_mark();
    const auto date_from = parsed->root().find("date_from");
    const auto covers = parsed->root().find("covers");
    if (!date_from || !covers) return progress_mark();
    const auto instant = parse_date_time(date_from->string());
    if (!instant) return progress_mark();
    progress_mark mark;
    mark.date_from = instant->value;
    for (const auto pair : *covers) mark.covers.emplace_back(pair.string());
    return mark;
}

}  // namespace

pull_progress::pull_progress(std::shared_ptr<Crud> crud)
    : marks_(std::move(crud), module_name, interface_side::receiver,
             crud::codec<progress_mark>{write_progress_mark, read_progress_mark})
{
}

boost::asio::awaitable<result<std::optional<progress_mark>>> pull_progress::find(
    std::string partner)
{
    auto stored = co_await marks_.find(object_key(std::move(partner)));
    if (stored.has_error()) co_return stored.error();
    std::optional<progress_mark> mark;
    if (*stored && !(*stored)->value.covers.empty()) mark = std::move((*stored)->value);
    co_return mark;
}

boost::asio::awaitable<result<void>> pull_progress::advance(std::string partner,
                                                            progress_mark reached)
{
    crud::repository<progress_mark>::change move_on =
        [&](const std::optional<crud::stored<progress_mark>>& current)
        -> result<std::optional<progress_mark>> {
        auto mark = reached;
        if (current) mark.date_from = std::max(mark.date_from, current->value.date_from);
        if (current && current->value == mark) return std::optional<progress_mark>();
        return std::optional<progress_mark>(std::move(mark));
    };
    object_key key(std::move(partner));
    const auto moved = co_await marks_.update_with(std::move(key), std::move(move_on));
    if (moved.has_error()) co_return moved.error();
    co_return result<void>();
}

}  // namespace ocpi::exchange
