#include "modules/exchange/pull_progress.hpp"

#include "crud/errors.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <string_view>

namespace ocpi::exchange {
namespace {

using crud::interface_side;
using crud::record_key;

constexpr std::string_view module_name = "pull_progress";

/// Another process that moves the mark of the same partner is rare; many of them are a bug.
constexpr int max_progress_attempts = 10;

std::string write_mark(const progress_mark& mark)
{
    json::array_writer covers;
    for (const auto& pair : mark.covers) covers.raw(json::quote(pair));
    json::object_writer written;
    written.string("date_from", to_string(mark.date_from)).raw("covers", covers.finish());
    return written.finish();
}

/// A record that cannot be read counts as none: all is then pulled again, which repairs it.
std::optional<progress_mark> read_mark(std::string_view text)
{
    const auto parsed = json::parse(text);
    if (parsed.has_error()) return {};
    const auto date_from = parsed->root().find("date_from");
    const auto covers = parsed->root().find("covers");
    if (!date_from || !covers) return {};
    const auto instant = parse_date_time(date_from->string());
    if (!instant) return {};
    progress_mark mark;
    mark.date_from = instant->value;
    for (const auto pair : *covers) mark.covers.emplace_back(pair.string());
    return mark;
}

}  // namespace

boost::asio::awaitable<result<std::optional<progress_mark>>> pull_progress::find(
    std::string partner)
{
    record_key key("", "", std::move(partner));
    const auto stored = co_await crud_->get(module_name, interface_side::receiver, key);
    if (stored.has_value()) co_return read_mark(stored->document.json);
    if (stored.error().code() != errc::not_found) co_return stored.error();
    co_return std::optional<progress_mark>();
}

boost::asio::awaitable<result<void>> pull_progress::advance(std::string partner,
                                                            progress_mark reached)
{
    const record_key key("", "", std::move(partner));
    error last;
    for (int attempt = 0; attempt < max_progress_attempts; ++attempt) {
        const auto stored = co_await crud_->get(module_name, interface_side::receiver, key);
        if (stored.has_error() && stored.error().code() != errc::not_found) {
            co_return stored.error();
        }
        auto mark = reached;
        std::optional<crud::revision> base;
        if (stored.has_value()) {
            base = stored->revision;
            const auto before = read_mark(stored->document.json);
            if (before) mark.date_from = std::max(mark.date_from, before->date_from);
            if (stored->document.json == write_mark(mark)) co_return result<void>();
        }
        crud::document document(key, write_mark(mark), date_time(), {});
        const auto saved = co_await save(std::move(document), base);
        if (saved.has_value()) co_return result<void>();
        last = saved.error();
        if (!crud::lost_a_race(last)) co_return last;
    }
    co_return last;
}

boost::asio::awaitable<result<crud::revision>> pull_progress::save(
    crud::document document, std::optional<crud::revision> base)
{
    constexpr auto side = interface_side::receiver;
    if (base) co_return co_await crud_->update(module_name, side, std::move(document), *base);
    co_return co_await crud_->create(module_name, side, std::move(document));
}

}  // namespace ocpi::exchange
